import { isMainThread } from 'node:worker_threads';
import { ENOSYS, ETIMEDOUT } from '../errors/errno.js';
import { native } from '../native.js';

/** A worker is terminated only between two calls, and the end of the main thread waits for that. */
const SLICE_MILLISECONDS = 100;

/**
 * Blocks this thread until the operations that were written are done.
 * @returns 0 or -errno
 */
export function operateBlocking(id: number, count: number, timeout = Infinity): number {
  if (isMainThread && timeout === Infinity) return native.semop(id, count);
  const end = performance.now() + timeout;
  for (;;) {
    const left = Math.max(0, end - performance.now());
    const slice = isMainThread ? left : Math.min(left, SLICE_MILLISECONDS);
    const result = native.semopUntil(id, count, slice);
    // No timers for threads on this platform.
    if (result === -ENOSYS && timeout === Infinity) return native.semop(id, count);
    if (result !== -ETIMEDOUT || slice === left) return result;
  }
}
