import { UsageError } from './usage-error.js';

/** Permission bits from three octal digits, also after a 0 or 0o: `0600`, `660`. @throws UsageError */
export function readMode(word: string): number {
  const [, digits] = /^(?:0o?)?([0-7]{3})$/.exec(word) ?? [];
  if (digits !== undefined) return Number.parseInt(digits, 8);
  throw new UsageError(`'${word}' is not a mode; write three octal digits, such as 0600 or 0660`);
}
