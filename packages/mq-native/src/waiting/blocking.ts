import { isMainThread } from 'node:worker_threads';
import { EINTR, ETIMEDOUT } from '../errors/errno.js';

/**
 * How long a worker blocks at a stretch, in milliseconds. Node can end a worker only when it is back in script: a
 * worker that blocked for ever would keep terminate() and the end of the process waiting for ever.
 */
const WORKER_STRETCH = 100;

/** Whether the program has a handler for a signal. Workers never get signals. */
function handlesSignals(): boolean {
  return (
    isMainThread && process.eventNames().some((name) => typeof name === 'string' && name.startsWith('SIG'))
  );
}

let known: number | undefined;

/** Looked up at first use: most commands never load the module that tells a worker from the main thread. */
function stretch(): number {
  return (known ??= isMainThread ? Infinity : WORKER_STRETCH);
}

// The usual case comes first in the functions below and in the checks before them: V8 inlines only so much code into a
// loop that sends and receives, and calls the rest.

/**
 * The deadline of a call that blocks this thread, by performance.now().
 * @param timeout in milliseconds; undefined for never
 */
export function blockUntil(timeout: number | undefined): number {
  return timeout === undefined ? Infinity : fromNow(timeout);
}

function fromNow(milliseconds: number): number {
  return performance.now() + milliseconds;
}

/** For how many milliseconds a system call may block now; Infinity for no limit. */
export function blockFor(until: number): number {
  return until === Infinity && known !== undefined ? known : atMost(until);
}

function atMost(until: number): number {
  return until === Infinity ? stretch() : Math.min(stretch(), Math.max(0, until - performance.now()));
}

/**
 * Whether to repeat a failed system call: a worker's stretch is over, or a signal without a handler interrupted it,
 * such as that of a child process that ended, or io_uring, which interrupts system calls to finish its own work.
 * @param result of the system call, or -errno
 */
export function blocksAgain(result: number, until: number): boolean {
  return result < 0 && failedForNow(result, until);
}

function failedForNow(result: number, until: number): boolean {
  if (result === -EINTR) return !handlesSignals();
  return result === -ETIMEDOUT && stretch() !== Infinity && performance.now() < until;
}
