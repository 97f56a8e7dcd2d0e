import { formatKey } from '@timeq/mq-native';
import { bytes } from '../../render/columns/kinds.js';
import type { KindName } from '../../model/kind-names.js';
import { formatCount } from '../../format/count.js';
import { LISTS } from '../../model/lists.js';
import { listPosix, type PosixKind } from '../../model/posix/objects.js';
import type { Candidate } from '@timeq/cli-kit/verbs/verb';

interface LiveObject {
  readonly id: number;
  readonly key: number;
  readonly content: string;
}

function objectsOf(kind: KindName): LiveObject[] {
  if (kind === 'queues') {
    return LISTS.queues().map(({ id, key, messages }) => ({
      id,
      key,
      content: formatCount(messages, 'message'),
    }));
  }
  if (kind === 'segments') {
    return LISTS.segments().map(({ id, key, bytes: size }) => ({
      id,
      key,
      content: `${bytes.text(size)} bytes`,
    }));
  }
  return LISTS.semaphores().map(({ id, key, count }) => ({
    id,
    key,
    content: formatCount(count, 'semaphore'),
  }));
}

/** Keys, ids or both of the existing objects. Private objects have no key to name them by. */
export function liveWords(kind: KindName, by: 'key' | 'id' | 'both'): Candidate[] {
  const words: Candidate[] = [];
  for (const { id, key, content } of objectsOf(kind)) {
    if (by !== 'id' && key !== 0) words.push({ word: formatKey(key), help: `id ${id}, ${content}` });
    if (by !== 'key')
      words.push({ word: String(id), help: `${key === 0 ? 'private' : formatKey(key)}, ${content}` });
  }
  return words;
}

/** The names of the POSIX objects of a kind. */
export function posixWords(wanted: PosixKind): Candidate[] {
  return listPosix()
    .filter(({ kind }) => kind === wanted)
    .map(({ name, kind }) => ({ word: name, help: kind }));
}
