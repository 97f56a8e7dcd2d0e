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

/**
 * Blocks this thread in a system call until it is done. An EINTR that no handler of the program can be waiting for is
 * none of its business: a child process that ended, or io_uring, which interrupts system calls to finish work of its own.
 * @param timeout in milliseconds; undefined for none
 * @param call blocks for as many milliseconds at most; its result is that of the system call, or -errno
 * @returns the result, -ETIMEDOUT, or -EINTR
 */
export function block(timeout: number | undefined, call: (milliseconds: number) => number): number {
  const until = timeout === undefined ? Infinity : performance.now() + timeout;
  const stretch = isMainThread ? Infinity : WORKER_STRETCH;
  for (;;) {
    const left = timeout === undefined ? Infinity : Math.max(0, until - performance.now());
    const result = call(Math.min(left, stretch));
    const again = result === -EINTR ? !handlesSignals() : result === -ETIMEDOUT && left > stretch;
    if (!again) return result;
  }
}
