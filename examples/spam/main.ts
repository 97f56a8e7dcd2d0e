/**
 * spam: a child process sends messages at growing intervals, and its parent prints them as they come
 * Mechanism: one-way pipe
 * Start: npm run example spam, or with a count and the milliseconds by which the intervals grow: npm run example spam 8 100
 *
 * The parent waits for nothing but the pipe, and wakes up whenever something comes: no polling, no sleeping. The end of
 * the pipe is the end of the child.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { untilDone } from '../parts/child.js';
import { parseInteger } from '../parts/integer.js';
import { Misuse, prepareProgram } from '../parts/program.js';

prepareProgram();
const [count, step] = [argument(2, 5, 1, 1000), argument(3, 400, 0, 10_000)];

const child = spawn(
  process.execPath,
  [fileURLToPath(new URL('./child.js', import.meta.url)), String(count), String(step)],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
process.on('exit', () => child.kill());

const started = performance.now();
for await (const line of createInterface({ input: child.stdout })) {
  console.log(
    `parent (pid ${process.pid}): got "${line}" after ${Math.round(performance.now() - started)} ms`,
  );
}
await untilDone(child);

function argument(index: number, usual: number, least: number, most: number): number {
  const text = process.argv[index];
  const value = text === undefined ? usual : parseInteger(text);
  if (value === undefined || value < least || value > most) {
    throw new Misuse(
      `"${text}" is no integer from ${least} to ${most}. Give a count and milliseconds, such as 8 100.`,
    );
  }
  return value;
}
