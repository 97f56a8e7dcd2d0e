import { integerPrefix, UINT64_MAX } from '../integer-text.js';

/** Each next letter is one power of 1024 (`K`, `KiB`) or of 1000 (`KB`) more. */
const LETTERS = 'KMGTPEZY';

const SUFFIX = /^(?:\.(\d*))?([kmgtpezyKMGTPEZY])(i?[bB])?$/;

/**
 * Bytes that a text such as `4096`, `0x1000`, `1.5M`, `10KiB` or `10KB` stands for, or the code of what is wrong with
 * it. A fraction counts exactly and is rounded down to whole bytes.
 */
export function readSize(text: string): bigint | 'EINVAL' | 'ERANGE' {
  const prefix = integerPrefix(text, 0);
  if (prefix === undefined || /^\s*-/.test(text)) return 'EINVAL';
  const { value, rest } = prefix;
  if (rest === '') return inRange(value);
  const match = SUFFIX.exec(rest);
  if (match === null) return 'EINVAL';
  const [, fraction = '', letter = '', unit = ''] = match;
  const base = unit.length === 1 ? 1000n : 1024n;
  const factor = base ** BigInt(LETTERS.indexOf(letter.toUpperCase()) + 1);
  const digits = 10n ** BigInt(fraction.length);
  return inRange(value * factor + (BigInt(fraction || '0') * factor) / digits);
}

function inRange(bytes: bigint): bigint | 'ERANGE' {
  return bytes > UINT64_MAX ? 'ERANGE' : bytes;
}
