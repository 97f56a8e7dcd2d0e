import { endianness } from 'node:os';
import type { MessageType } from './message-type.js';

const LOW = endianness() === 'LE' ? 0 : 1;
const HIGH = 1 - LOW;
const TWO_32 = 2 ** 32;
/** Types from here on, and below its negative, are not exact as numbers. */
const HIGH_OF_2_53 = 2 ** 21;

/**
 * The 64-bit type at a place counted in units of eight bytes, of memory that is viewed both as halves and as a whole.
 */
export function readType(words: Int32Array, longs: BigInt64Array, at: number): MessageType {
  const high = words[2 * at + HIGH] as number;
  return high === 0 ? (words[2 * at + LOW] as number) >>> 0 : readLongType(words, longs, at, high);
}

function readLongType(words: Int32Array, longs: BigInt64Array, at: number, high: number): MessageType {
  if (high >= HIGH_OF_2_53 || high < -HIGH_OF_2_53) return longs[at] as bigint;
  return high * TWO_32 + ((words[2 * at + LOW] as number) >>> 0);
}
