import { isMainThread } from 'node:worker_threads';
import { ETIMEDOUT } from '../errors/errno.js';

/**
 * How long a worker blocks at a stretch, in milliseconds. Node can end a worker only when it is back in script, so one
 * that blocked for ever would keep terminate() and the end of the process waiting for ever.
 */
const STRETCH = 100;

/**
 * Blocks this thread in a system call until it is done.
 * @param timeout in milliseconds; undefined for none
 * @param call blocks for as many milliseconds at most; its result is that of the system call, or -errno
 * @returns the result, or -ETIMEDOUT
 */
export function block(timeout: number | undefined, call: (milliseconds: number) => number): number {
  if (timeout === undefined && isMainThread) return call(Infinity);
  const until = timeout === undefined ? Infinity : performance.now() + timeout;
  for (;;) {
    const left = Math.max(0, until - performance.now());
    const stretch = isMainThread ? left : Math.min(left, STRETCH);
    const result = call(stretch);
    if (result !== -ETIMEDOUT || stretch === left) return result;
  }
}
