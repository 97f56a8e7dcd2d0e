import { errnoName } from '../errors/errno.js';
import { native } from '../native.js';
import { traceThread, tracing } from './trace.js';

/**
 * The script side of the addon's waiter threads. A waiter's index is valid from its start until its result was
 * delivered, either to the function given here or by `cancel`.
 */
const listeners: (((result: number) => void) | undefined)[] = [];

const listening = native.waitListen((waiter, result) => {
  if (tracing) traceThread(waiter, `its system call returned ${result}`);
  const listener = listeners[waiter];
  listeners[waiter] = undefined;
  listener?.(result);
});
if (listening !== 0)
  throw new Error(`@timeq/mq-native cannot listen to its threads: ${errnoName(-listening)}`);

/** Calls `listener` with the result of the wait, or -errno, unless it is cancelled before. */
export function listen(waiter: number, listener: (result: number) => void): void {
  listeners[waiter] = listener;
}

/**
 * Ends a wait now. This blocks for the few microseconds that a signal to another thread takes.
 * @returns -EINTR if nothing had happened, otherwise the result, which no listener will see; -EALREADY if no signal can be
 * sent: the thread then goes on by itself and undoes what it does, except for a message that it sends
 */
export function cancel(waiter: number): number {
  listeners[waiter] = undefined;
  const result = native.waitCancel(waiter);
  if (tracing) traceThread(waiter, `cancelled, its system call returned ${result}`);
  return result;
}

/** Counts the waits that keep the event loop alive. */
export function keepAlive(delta: 1 | -1): void {
  native.waitRef(delta);
}
