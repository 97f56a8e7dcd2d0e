import { usageFailure } from '../failure.js';

/** A whole number of at least `lowest`; `meaning` names it in the complaint. */
export function parseWholeNumber(word: string, meaning: string, lowest = 1): number {
  const number = /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= lowest) return number;
  throw usageFailure(`'${word}' is not a ${meaning}; write a whole number from ${lowest} up`);
}
