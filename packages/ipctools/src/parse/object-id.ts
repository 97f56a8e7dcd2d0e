import { usageFailure } from '../failure.js';

/** The id of a queue, a segment or a semaphore set: 0 to 2147483647, in decimal. */
export function parseObjectId(word: string): number {
  if (!/^\d+$/.test(word)) throw usageFailure(`'${word}' is not an id; ids are decimal numbers, such as 5`);
  const id = Number(word);
  if (id > 0x7fff_ffff) throw usageFailure(`id ${word} is out of range; the largest is 2147483647`);
  return id;
}
