import { debuglog } from 'node:util';

const log = debuglog('timeq');

/** Whether the environment variable NODE_DEBUG names timeq: then what waits do is told on standard error. */
export const tracing: boolean = log.enabled;

const numbers = new WeakMap<object, number>();
let last = 0;

function numberOf(wait: object): number {
  let number = numbers.get(wait);
  if (number === undefined) numbers.set(wait, (number = ++last));
  return number;
}

/** Tells of a wait what happens to it. To be called only if `tracing`. */
export function traceWait(wait: object, text: string): void {
  log(`wait ${numberOf(wait)}: ${text}`);
}

/** Tells of a waiter thread what it does, likewise. */
export function traceThread(waiter: number, text: string): void {
  log(`thread ${waiter}: ${text}`);
}
