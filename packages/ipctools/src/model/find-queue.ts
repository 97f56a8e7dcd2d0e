import { formatKey, GoneError, MessageQueue, type Key, type QueueEntry } from '@timeq/mq-native';
import { codeOf, Failure, isDenied } from '../failure.js';
import { meantKey } from './ipc-object.js';

/** Names a queue, by its key or by its id. */
export type QueueTarget =
  { readonly by: 'key'; readonly key: Key } | { readonly by: 'id'; readonly id: number };

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
  const meant = target.by === 'id' ? meantKey({ kind: 'queue', by: 'id', value: target.id }) : undefined;
  throw new Failure(
    `no queue has ${named} in this IPC namespace (a container has its own); ${meant ?? '`ipctools list` shows those that exist'}`,
  );
}

/** Everything known of the queue, even without permission to read it (then some of it is undefined). */
export function entryOf(queue: MessageQueue): QueueEntry {
  try {
    return queue.stat();
  } catch (error) {
    if (!isDenied(error)) throw error;
  }
  const entry = MessageQueue.list().find(({ id }) => id === queue.id);
  if (entry === undefined) throw new Failure(`queue ${queue.id} is gone`);
  return entry;
}
