import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GoneError } from '@timeq/mq-native';
import { Failure } from './program.js';

/**
 * Starts one of the example's own files as a child process that is ended with this one. The child shares the terminal,
 * so its output appears between the parent's.
 * @param url `new URL('./child.js', import.meta.url)`
 */
export function startChild(url: URL, childArguments: readonly (string | number)[] = []): ChildProcess {
  const child = fork(fileURLToPath(url), childArguments.map(String));
  process.on('exit', () => child.kill());
  return child;
}

/** Waits until a child has ended, for any reason. */
export async function untilEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/**
 * Waits until a child has done its work.
 * @throws Failure if it did not end with exit code 0
 */
export async function untilDone(child: ChildProcess): Promise<void> {
  await untilEnded(child);
  // A Ctrl-C reaches the parent as well, which then ends by itself.
  const interrupted = child.signalCode === 'SIGINT' || child.exitCode === 128 + constants.signals.SIGINT;
  if (child.exitCode === 0 || interrupted) return;
  const name = basename(child.spawnargs[1] ?? '');
  throw new Failure(
    `The process ${name} ended early (${child.signalCode ?? `exit code ${child.exitCode}`}).`,
  );
}

/**
 * For a child: lets it end when its parent does, even when that was killed. The channel that fork() opens is closed
 * then; it does not keep the child alive. And what the parent removes when it ends, its child needs no more.
 */
export function endWithParent(): void {
  process.on('uncaughtException', (error) => {
    if (error instanceof GoneError) process.exit();
    console.error(error);
    process.exit(1);
  });
  process.on('disconnect', () => process.exit());
  // It was closed while this process started, and the event is over. By hand it is started without one.
  if ('connected' in process && !process.connected) process.exit();
  process.channel?.unref();
}

/** For a child: tells `untilReady` in the parent that others can rely on it from now on. */
export function sayReady(): void {
  // The parent may have ended meanwhile.
  process.send?.('ready', undefined, undefined, () => undefined);
}

/**
 * Waits for the child's `sayReady`.
 * @throws Failure if it ends before
 */
export async function untilReady(child: ChildProcess): Promise<void> {
  await Promise.race([once(child, 'message'), untilDone(child)]);
}
