import { usageFailure } from '../failure.js';

/** Permission bits from octal digits: `0600`, `660`. */
export function parseMode(word: string): number {
  if (/^0?[0-7]{3}$/.test(word)) return Number.parseInt(word, 8);
  throw usageFailure(`'${word}' is not a mode; write three octal digits, such as 0600 or 0660`);
}
