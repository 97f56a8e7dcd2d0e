import { isMaybeOctal, readInteger } from './integer.js';
import { UsageError } from './usage-error.js';

const LOWEST = -(2 ** 31);
const HIGHEST = 2 ** 32 - 1;

/**
 * A key from `0x80` or `128`, unsigned. The signed form that C programs print (`-1`) is the same key. A leading zero is
 * refused: ipcrm and C read `0200` as octal, most people do not.
 *
 * @throws UsageError
 */
export function readKey(word: string): number {
  if (isMaybeOctal(word))
    throw new UsageError(`'${word}' is not a key: C would read it as octal; write it as 0x80 or 128`);
  const value = readInteger(word);
  if (value === undefined) throw new UsageError(`'${word}' is not a key; write it as 0x80 or 128`);
  if (value < LOWEST || value > HIGHEST)
    throw new UsageError(`key ${word} is out of range; a key has 32 bits (0x0 to 0xffffffff)`);
  return value >>> 0;
}

/**
 * A key that names one object: 0 is IPC_PRIVATE, under which any number of them can be and none is found.
 *
 * @throws UsageError
 */
export function readNamingKey(word: string): number {
  const key = readKey(word);
  if (key !== 0) return key;
  throw new UsageError(
    `key ${word} is IPC_PRIVATE and names nothing: any number of objects can have it; give another key, or an id`,
  );
}
