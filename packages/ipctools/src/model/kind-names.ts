import { invalid } from '../failure.js';

/** The three kinds of System V objects, as `list` names them; also the top-level keys of its JSON. */
export const KINDS = ['queues', 'segments', 'semaphores'] as const;
export type KindName = (typeof KINDS)[number];

/** What the lists are of, in words. */
export const OBJECTS_OF = {
  queues: 'queues',
  segments: 'segments',
  semaphores: 'semaphore sets',
  posix: 'POSIX objects',
} as const;

/** The kind of that name, in the plural or the singular. */
export function kindNamed(word: string): KindName | undefined {
  return KINDS.find((kind) => kind === word || kind === `${word}s`);
}

/** Kinds of objects from words such as `queues`, `queues,segments` or `all`; all of them if there is no word. */
export function parseKindNames(words: readonly string[]): readonly KindName[] {
  const names = words.flatMap((word) => word.split(','));
  if (names.length === 0 || names.includes('all')) return KINDS;
  const kinds = names.map((name) => {
    const kind = kindNamed(name);
    if (kind !== undefined) return kind;
    throw invalid(`'${name}' is not a kind of object; use ${KINDS.join(', ')} or all`);
  });
  return KINDS.filter((kind) => kinds.includes(kind));
}
