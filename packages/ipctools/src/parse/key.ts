import type { Key } from '@timeq/mq-native';
import { usageFailure } from '../failure.js';

const LOWEST = -(2 ** 31);
const HIGHEST = 2 ** 32 - 1;

/**
 * A key from `0x80` or `128`; the signed form that C programs print (`-1`) is the same key as the unsigned one.
 * A leading zero is refused, because ipcrm takes `0200` for octal and most people don't.
 */
export function parseKey(word: string): Key {
  const written = /^(?:0x[0-9a-f]+|0|-?[1-9]\d*)$/i.test(word) ? Number(word) : Number.NaN;
  if (Number.isNaN(written)) throw usageFailure(`'${word}' is not a key; write it as 0x80 or 128`);
  if (written < LOWEST || written > HIGHEST) {
    throw usageFailure(`key ${word} is out of range; a key has 32 bits (0x0 to 0xffffffff)`);
  }
  return written >>> 0;
}
