import { UsageError } from './usage-error.js';

const FACTORS = new Map([
  ['', 1],
  ['K', 1024],
  ['M', 1024 ** 2],
  ['G', 1024 ** 3],
  ['T', 1024 ** 4],
]);

/** A number of bytes from `4096`, `16K`, `1.5MiB`; the units are powers of 1024. @throws UsageError */
export function readBytes(word: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([KMGT]?)(?:i?B)?$/i.exec(word) ?? [];
  const factor = FACTORS.get((unit ?? '').toUpperCase());
  const bytes = Number(amount) * (factor ?? Number.NaN);
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError(`'${word}' is not a number of bytes; write it as 4096, 16K or 1M`);
}
