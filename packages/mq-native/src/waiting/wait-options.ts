import { AbortError } from '../errors/abort-error.js';
import { rangeError, typeError } from '../errors/argument-error.js';

/** How long to wait. */
export interface WaitOptions {
  /** Ends the wait with an AbortError when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the wait ends with ETIMEDOUT; 0 tries once; none or Infinity waits for ever. */
  readonly timeout?: number | undefined;
}

/** Longest time that a timer can take, about 24.8 days. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** @returns milliseconds, or undefined for no limit */
export function checkTimeout(timeout: number | undefined): number | undefined {
  return timeout === undefined ? undefined : checkGiven(timeout);
}

function checkGiven(timeout: number): number | undefined {
  if (timeout === Infinity) return undefined;
  if (typeof timeout !== 'number') throw typeError('timeout', 'a number of milliseconds', timeout);
  if (!(timeout >= 0 && timeout <= LONGEST_TIMEOUT)) {
    throw rangeError('timeout', `0 to ${LONGEST_TIMEOUT} milliseconds, or Infinity`, timeout);
  }
  return timeout;
}

/** @throws TypeError if it is no AbortSignal, AbortError if it has been aborted */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) throw typeError('signal', 'an AbortSignal', signal);
  if (signal.aborted) throw new AbortError(signal);
}
