import { UsageError } from './usage-error.js';

/** The id of a queue, a segment or a semaphore set: 0 to 2147483647, in decimal. @throws UsageError */
export function readObjectId(word: string): number {
  if (!/^\d+$/.test(word)) throw new UsageError(`'${word}' is not an id; ids are decimal numbers, such as 5`);
  const id = Number(word);
  if (id > 0x7fff_ffff) throw new UsageError(`id ${word} is out of range; the largest is 2147483647`);
  return id;
}
