import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { slotKey } from '@timeq/mq-native/message-slots';
import type { Stream } from './jetstream.js';
import { ifInterrupted } from './leftovers.js';
import { startProgram, type Running } from './processes.js';

type Direction = 'out' | 'in';

/** A program between a queue and a stream, and the command that starts it. It prints a line once it moves messages. */
export interface Mover {
  readonly name: string;
  command(direction: Direction, stream: Stream, key: number): string[];
}

const cli = fileURLToPath(new URL('../../packages/bridge/bin/timeq-bridge.js', import.meta.url));
const library = fileURLToPath(new URL('./programs/stream-client.js', import.meta.url));

export const bridge: Mover = {
  name: 'Timeq bridge',
  command: (direction, { url, name }, key) => [
    ...[process.execPath, cli, direction, `0x${key.toString(16)}`, '--stream', name, '-s', url],
    ...['--subject', direction === 'out' ? 'bench.out.{type}' : 'bench.in.*'],
  ],
};

/** The client library as its examples use it. A kill of this one loses and duplicates messages. */
export const plainClient: Mover = {
  name: 'jetstream() of the NATS client',
  command: (direction, { url, name }, key) => [process.execPath, library, direction, url, name, String(key)],
};

/** Runs a mover meanwhile, and removes its slots afterwards. */
export async function withMover<Result>(
  mover: Mover,
  direction: Direction,
  stream: Stream,
  key: number,
  measure: (running: Running) => Promise<Result>,
): Promise<Result> {
  const running = startProgram(mover.command(direction, stream, key));
  // A bridge that still runs would make its slots anew.
  ifInterrupted(() => {
    process.kill(running.pid, 'SIGKILL');
    removeSlots(key, direction);
  });
  await running.line();
  const result = await measure(running);
  running.kill();
  await running.ended();
  removeSlots(key, direction);
  return result;
}

/** The segment and its semaphore, of which a mover without slots has none. */
function removeSlots(key: number, direction: Direction): void {
  const slots = String(slotKey(key, direction));
  spawnSync('ipcrm', ['--shmem-key', slots, '--semaphore-key', slots], { stdio: 'ignore' });
}
