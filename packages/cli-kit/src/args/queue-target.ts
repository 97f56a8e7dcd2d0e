import { readNamingKey } from './key.js';
import { readObjectId } from './object-id.js';
import { UsageError } from './usage-error.js';

const HOW = 'a key as 0x80 or an id as 5 (see `ipctools list`)';

/** What to say where no word names a queue. */
export const WHICH_QUEUE = `which queue? Give ${HOW}`;

/** A queue as the user names it: `0x80` is a key and always hexadecimal, `5` is an id and always decimal. @throws UsageError */
export function readQueueTarget(
  word: string,
): { readonly by: 'key'; readonly key: number } | { readonly by: 'id'; readonly id: number } {
  if (/^0x/i.test(word)) return { by: 'key', key: readNamingKey(word) };
  if (/^\d+$/.test(word)) return { by: 'id', id: readObjectId(word) };
  throw new UsageError(`'${word}' is neither a key nor an id; write ${HOW}`);
}

/** Refuses words after the queue's, for a verb that takes only a queue. @throws UsageError */
export function refuseMore(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`give only one queue; unexpected: '${words.join(' ')}'`);
}
