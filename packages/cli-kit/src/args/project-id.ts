import { UsageError } from './usage-error.js';

/**
 * ftok's second argument: 1 to 255, `0x52`, or one character as C programs write it (`R` is 0x52).
 *
 * @throws UsageError
 */
export function readProjectId(word: string): number {
  const code = /^[!-/:-~]$/.test(word) ? word.charCodeAt(0) : Number.NaN;
  const id = /^(?:\d+|0x[0-9a-f]+)$/i.test(word) ? Number(word) : code;
  if (id >= 1 && id <= 255) return id;
  throw new UsageError(`'${word}' is not a project id; write 1 to 255 or one character, such as R`);
}
