import { formatKey, GoneError, MessageQueue, type Key, type QueueEntry } from '@timeq/mq-native';
import { codeOf, Failure, isDenied, usageFailure } from './failure.js';
import { EXIT } from './exit-code.js';
import { parseKey } from './parse/key.js';
import { parseObjectId } from './parse/object-id.js';

/** What a person wrote to name a queue: `0x80` or -Q for a key, `5` or -q for an id. */
export type QueueTarget =
  { readonly by: 'key'; readonly key: Key } | { readonly by: 'id'; readonly id: number };

/** The options -Q KEY and -q ID, which name the queue in place of the first word. */
export interface TargetOptions {
  readonly queueKey?: string;
  readonly queueId?: string;
}

/** A key that can name an object: 0 is IPC_PRIVATE and names none. */
export function parseNamingKey(word: string): Key {
  const key = parseKey(word);
  if (key !== 0) return key;
  throw usageFailure(
    'key 0 (IPC_PRIVATE) names no queue: many can have it; give the id (see `ipctools list`)',
  );
}

/** `0x80` is a key and always hexadecimal, `5` is an id and always decimal. */
export function parseTarget(word: string): QueueTarget {
  if (/^0x/i.test(word)) return { by: 'key', key: parseNamingKey(word) };
  if (/^\d+$/.test(word)) return { by: 'id', id: parseObjectId(word) };
  throw usageFailure(`'${word}' names no queue; write a key as 0x80 or an id as 5 (see \`ipctools list\`)`);
}

/** The queue that -Q, -q or the first word names, and the words that are left. */
export function takeTarget(
  words: readonly string[],
  options: TargetOptions,
): { target: QueueTarget; rest: readonly string[] } {
  const { queueKey, queueId } = options;
  if (queueKey !== undefined && queueId !== undefined)
    throw usageFailure('-Q and -q both name the queue; give one');
  if (queueKey !== undefined) return { target: { by: 'key', key: parseNamingKey(queueKey) }, rest: words };
  if (queueId !== undefined) return { target: { by: 'id', id: parseObjectId(queueId) }, rest: words };
  const [first, ...rest] = words;
  if (first === undefined)
    throw usageFailure('which queue? Give a key as 0x80 or an id as 5 (see `ipctools list`)');
  return { target: parseTarget(first), rest };
}

/** As takeTarget, for a verb that takes nothing but a queue. */
export function onlyTarget(words: readonly string[], options: TargetOptions): QueueTarget {
  const { target, rest } = takeTarget(words, options);
  if (rest.length > 0) throw usageFailure(`one queue at a time; '${rest.join(' ')}' is too much`);
  return target;
}

/** The queue as messages name it: `queue 5 (key 0x00000080)`. */
export function nameQueue({ id, key }: { readonly id: number; readonly key?: Key | undefined }): string {
  return key ? `queue ${id} (key ${formatKey(key)})` : `queue ${id}`;
}

/** The queue, or undefined if there is none. @throws IpcError */
export function findTarget(target: QueueTarget): MessageQueue | undefined {
  try {
    return target.by === 'key' ? MessageQueue.open(target.key) : MessageQueue.fromId(target.id);
  } catch (error) {
    if (error instanceof GoneError || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Opens the queue. @throws Failure if there is none, IpcError */
export function openTarget(target: QueueTarget): MessageQueue {
  const queue = findTarget(target);
  if (queue !== undefined) return queue;
  const named = target.by === 'key' ? `key ${formatKey(target.key)}` : `id ${target.id}`;
  throw new Failure(EXIT.failed, `no queue has ${named}; \`ipctools list\` shows those that exist`);
}

/** What can be known of the queue, also by one who may not read it (then some of it is undefined). */
export function entryOf(queue: MessageQueue): QueueEntry {
  try {
    return queue.stat();
  } catch (error) {
    if (!isDenied(error)) throw error;
  }
  const entry = MessageQueue.list().find(({ id }) => id === queue.id);
  if (entry === undefined) throw new Failure(EXIT.failed, `queue ${queue.id} is gone`);
  return entry;
}
