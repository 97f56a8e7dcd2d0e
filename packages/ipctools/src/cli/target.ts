import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { QueueTarget } from '../model/find-queue.js';

/** The options -Q KEY and -q ID, which name the queue in place of the first word. */
export interface TargetOptions {
  readonly queueKey?: string;
  readonly queueId?: string;
}

/** What a person wrote to name a queue: `0x80` is a key and always hexadecimal, `5` is an id and always decimal. */
export function parseTarget(word: string): QueueTarget {
  if (/^0x/i.test(word)) return { by: 'key', key: readNamingKey(word) };
  if (/^\d+$/.test(word)) return { by: 'id', id: readObjectId(word) };
  throw new UsageError(`'${word}' names no queue; write a key as 0x80 or an id as 5 (see \`ipctools list\`)`);
}

/** The queue that -Q, -q or the first word names, and the words that are left. */
export function takeTarget(
  words: readonly string[],
  options: TargetOptions,
): { target: QueueTarget; rest: readonly string[] } {
  const { queueKey, queueId } = options;
  if (queueKey !== undefined && queueId !== undefined)
    throw new UsageError('-Q and -q both name the queue; give one');
  if (queueKey !== undefined) return { target: { by: 'key', key: readNamingKey(queueKey) }, rest: words };
  if (queueId !== undefined) return { target: { by: 'id', id: readObjectId(queueId) }, rest: words };
  const [first, ...rest] = words;
  if (first === undefined)
    throw new UsageError('which queue? Give a key as 0x80 or an id as 5 (see `ipctools list`)');
  return { target: parseTarget(first), rest };
}

/** As takeTarget, for a verb that takes nothing but a queue. */
export function onlyTarget(words: readonly string[], options: TargetOptions): QueueTarget {
  const { target, rest } = takeTarget(words, options);
  if (rest.length > 0) throw new UsageError(`one queue at a time; '${rest.join(' ')}' is too much`);
  return target;
}
