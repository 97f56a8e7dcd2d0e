import { isMainThread } from 'node:worker_threads';
import { EINTR, ETIMEDOUT } from '../errors/errno.js';

/**
 * How long a worker blocks at a stretch, in milliseconds. Node can end a worker only when it is back in script, so one
 * that blocked for ever would keep terminate() and the end of the process waiting for ever.
 */
const WORKER_STRETCH = 100;

/** Whether the program has a handler that is to run when a signal arrives. Workers never get signals. */
function handlesSignals(): boolean {
  return (
    isMainThread && process.eventNames().some((name) => typeof name === 'string' && name.startsWith('SIG'))
  );
}

let known: number | undefined;

/** Looked up when it is needed first: most commands never load what tells a worker from the main thread. */
function stretch(): number {
  return (known ??= isMainThread ? Infinity : WORKER_STRETCH);
}

// What is usual stands by itself in the functions below and in the checks before them: V8 compiles only so much code into
// a loop that sends and receives, and calls the rest.

/**
 * When a call that blocks this thread has to give up, by performance.now().
 * @param timeout in milliseconds; undefined for never
 */
export function blockUntil(timeout: number | undefined): number {
  return timeout === undefined ? Infinity : fromNow(timeout);
}

function fromNow(milliseconds: number): number {
  return performance.now() + milliseconds;
}

/** For how many milliseconds a system call may block now; Infinity if it need not come back. */
export function blockFor(until: number): number {
  return until === Infinity && known !== undefined ? known : atMost(until);
}

function atMost(until: number): number {
  return until === Infinity ? stretch() : Math.min(stretch(), Math.max(0, until - performance.now()));
}

/**
 * Whether a system call that failed is to be made again: a worker's stretch is over, or it was interrupted by what no
 * handler of the program can be waiting for: a child process that ended, or io_uring, which interrupts system calls to
 * finish work of its own.
 * @param result that of the system call, or -errno
 */
export function blocksAgain(result: number, until: number): boolean {
  return result < 0 && failedForNow(result, until);
}

function failedForNow(result: number, until: number): boolean {
  if (result === -EINTR) return !handlesSignals();
  return result === -ETIMEDOUT && stretch() !== Infinity && performance.now() < until;
}
