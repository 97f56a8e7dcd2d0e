import { invalid } from '../failure.js';

/** The three kinds of System V objects, as `list` names them; also the top-level keys of its JSON. */
export const KINDS = ['queues', 'segments', 'semaphores'] as const;
export type KindName = (typeof KINDS)[number];

/** Kinds of objects from words such as `queues`, `queues,segments` or `all`; all of them if there is no word. */
export function parseKindNames(words: readonly string[]): readonly KindName[] {
  const names = words.flatMap((word) => word.split(','));
  if (names.length === 0 || names.includes('all')) return KINDS;
  for (const name of names) {
    if (!KINDS.some((kind) => kind === name))
      throw invalid(`'${name}' is not a kind of object; use ${KINDS.join(', ')} or all`);
  }
  return KINDS.filter((kind) => names.includes(kind));
}
