import { debuglog } from 'node:util';

const log = debuglog('timeq');

/** Whether the environment variable NODE_DEBUG names timeq: then waits are traced on standard error. */
export const tracing: boolean = log.enabled;

const numbers = new WeakMap<object, number>();
let last = 0;

function numberOf(wait: object): number {
  let number = numbers.get(wait);
  if (number === undefined) numbers.set(wait, (number = ++last));
  return number;
}

/** Traces an event of a wait. Call it only if `tracing`. */
export function traceWait(wait: object, text: string): void {
  log(`wait ${numberOf(wait)}: ${text}`);
}

/** Traces an event of a waiter thread, likewise. */
export function traceThread(waiter: number, text: string): void {
  log(`thread ${waiter}: ${text}`);
}
