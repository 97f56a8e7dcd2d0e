import { UsageError } from './usage-error.js';

/** The largest number is no user and no group: chown(2) takes it for "unchanged". */
const LARGEST = 2 ** 32 - 2;

/** A user or group by its number or its name. @param find looks up a name @throws UsageError */
export function readOwner(
  what: 'user' | 'group',
  word: string,
  find: (name: string) => number | undefined,
): number {
  const id = /^\d+$/.test(word) && Number(word) <= LARGEST ? Number(word) : find(word);
  if (id === undefined) throw new UsageError(`there is no ${what} '${word}'`);
  return id;
}
