import { AbortError } from '../errors/abort-error.js';
import { rangeError, typeError } from '../errors/argument-error.js';

/** Options of a wait. */
export interface WaitOptions {
  /** Aborting it ends the wait with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the wait ends with ETIMEDOUT; 0 tries once; no limit if not given or Infinity. */
  readonly timeout?: number | undefined;
}

/** Longest time of a timer, about 24.8 days. */
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

/** @throws TypeError if it is not an AbortSignal, AbortError if it was aborted before */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  if (!(signal instanceof AbortSignal)) throw typeError('signal', 'an AbortSignal', signal);
  if (signal.aborted) throw new AbortError(signal);
}
