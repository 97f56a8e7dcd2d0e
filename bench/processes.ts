import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { onCpus } from './cpus.js';
import type { Figures } from './figures.js';
import { own } from './leftovers.js';

type Word = string | number;

/** A process that runs while others are measured. */
export interface Running {
  readonly pid: number;
  /** The next line that it prints. */
  line(): Promise<string>;
  kill(): void;
  /** Waits until it ends, and rejects unless by exit code 0 or a signal. */
  ended(): Promise<void>;
}

function launch(command: readonly Word[], cwd?: string) {
  return own(spawn(...onCpus(2, command), { cwd, stdio: ['ignore', 'pipe', 'inherit'] }));
}

/** Starts a program on both CPUs. */
export function startProgram(command: readonly Word[]): Running {
  const child = launch(command);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const close = once(child, 'close') as Promise<[number | null]>;
  // A caller that waits for a line notices that none arrives.
  close.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${command.join(' ')}: it ended too early`);
      return value;
    },
    kill: () => void child.kill(),
    async ended() {
      const [status] = await close;
      if (status !== 0 && status !== null) throw new Error(`${command.join(' ')}: exit code ${status}`);
    },
  };
}

/** Runs a program in this folder on both CPUs to its end. @returns the JSON that it printed */
export async function outputOf(command: readonly Word[], folder?: string): Promise<Figures> {
  const child = launch(command, folder);
  const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (status !== 0) throw new Error(`${command.join(' ')}: exit code ${String(status)}`);
  return JSON.parse(output) as Figures;
}
