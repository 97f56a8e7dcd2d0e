/**
 * Draws `ipctools watch` on a pseudo-terminal of 120 by 40, with queues that it makes in this IPC namespace, of which some change
 * each second.
 *   drawn.js IPCTOOLS QUEUES SECONDS   prints {"percent":of a core,"kilobytes":drawn in a second}
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { usageOf } from '../process-usage.js';

/** The first frames compile the code. */
const WARM_UP_SECONDS = 5;
/** In how many queues messages come and go. */
const BUSY = 20;

const [ipctools = '', queues, seconds] = process.argv.slice(2);
const all = Array.from({ length: Number(queues) }, () => MessageQueue.createPrivate());
for (const queue of all) queue.trySend(1, 'one message');

// script(1) gives its command a terminal, and ends with it.
const command = 'stty cols 120 rows 40; echo "pid $$."; exec "$NODE" "$IPCTOOLS" watch --read-only';
const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: {
    ...process.env,
    NODE: process.execPath,
    IPCTOOLS: ipctools,
    SHELL: '/bin/sh',
    TERM: 'xterm-256color',
    // No columns that someone chose on this machine.
    XDG_STATE_HOME: `${tmpdir()}/timeq-drawn-${process.pid}`,
  },
});

let text = '';
let bytes = 0;
terminal.stdout.on('data', (chunk: Buffer) => {
  bytes += chunk.length;
  if (text.length < 10_000) text += chunk.toString('latin1');
});
while (!text.includes('\u001b[?1049h')) await once(terminal.stdout, 'data');
const pid = Number(/pid (\d+)\./.exec(text)?.[1]);

async function change(count: number): Promise<void> {
  const start = performance.now();
  for (let i = 1; i <= count; i++) {
    for (const queue of all.slice(0, BUSY)) if (!queue.trySend(1, 'another')) queue.tryReceive();
    await delay(Math.max(1, start + i * 1000 - performance.now()));
  }
}

await change(WARM_UP_SECONDS);
const before = usageOf([pid]).cpu;
const start = performance.now();
bytes = 0;
await change(Number(seconds));
const cpu = (usageOf([pid]).cpu - before) / 1e6;
const elapsed = (performance.now() - start) / 1000;
const kilobytes = bytes / 1000 / elapsed;
terminal.stdin.write('q');
await once(terminal, 'exit');
// A screen that was never drawn uses little.
if (kilobytes === 0) throw new Error('nothing was drawn');
console.log(JSON.stringify({ percent: (cpu / elapsed) * 100, kilobytes }));
