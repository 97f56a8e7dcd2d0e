import { UsageError } from './usage-error.js';

const INTEGER = /^(?:0x[0-9a-f]+|0|-?[1-9]\d*)$/i;

/** A whole number, in decimal or hexadecimal after 0x; undefined if the word is none, or too large to be exact. */
export function readInteger(word: string): number | undefined {
  const value = INTEGER.test(word) ? Number(word) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Whether C would read the word as an octal number, and a person as a decimal one. */
export function isMaybeOctal(word: string): boolean {
  return /^-?0\d+$/.test(word);
}

/**
 * A whole number in decimal, for a count.
 *
 * @param meaning what it counts, for the complaint: `number of messages`
 * @throws UsageError
 */
export function readCount(
  word: string,
  meaning: string,
  lowest = 1,
  highest = Number.MAX_SAFE_INTEGER,
): number {
  const count = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (Number.isSafeInteger(count) && count >= lowest && count <= highest) return count;
  const range = highest === Number.MAX_SAFE_INTEGER ? `from ${lowest} up` : `from ${lowest} to ${highest}`;
  throw new UsageError(`'${word}' is not a ${meaning}; write a whole number ${range}`);
}
