import { MessageQueue, type Message, type QueueEntry } from '@timeq/mq-native';
import { Failure } from '../failure.js';
import { changesBetween } from '../model/ipc-object.js';
import { nameQueue } from '../model/find-queue.js';

/** A queue with all its messages, in their order. */
export interface QueueCopy {
  readonly entry: CopiedEntry;
  readonly messages: readonly Message[];
}

/** What a copy keeps of the queue itself; what is left out of it, a new queue gets by itself. */
export type CopiedEntry = Pick<
  QueueEntry,
  'key' | 'id' | 'mode' | 'uid' | 'gid' | 'creatorUid' | 'creatorGid' | 'messages' | 'bytes' | 'maxBytes'
> &
  Pick<QueueEntry, 'sendTime' | 'receiveTime' | 'changeTime' | 'lastSendPid' | 'lastReceivePid'>;

/** A queue in use may change while it is copied: how often to begin anew. */
const MOST_ATTEMPTS = 5;

/**
 * Copies a queue without taking a message (MSG_COPY).
 * @returns undefined if the queue changed meanwhile, so that the copy may be of no moment at all
 * @throws IpcError EACCES, ENOSYS; GoneError
 */
export function copyUnchanged(id: number): QueueCopy | undefined {
  const queue = MessageQueue.fromId(id);
  const before = queue.stat();
  const messages = [...queue.peekAll()];
  const after = queue.stat();
  const changes = changesBetween({ kind: 'queue', entry: before }, { kind: 'queue', entry: after });
  return changes.length > 0 || messages.length !== before.messages ? undefined : { entry: before, messages };
}

/** As copyUnchanged, again if need be. @throws Failure if the queue does not keep still; what copyUnchanged throws */
export function copyQueue({
  id,
  key,
}: {
  readonly id: number;
  readonly key?: number | undefined;
}): QueueCopy {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const copy = copyUnchanged(id);
    if (copy !== undefined) return copy;
  }
  throw new Failure(`${nameQueue({ id, key })} changes while it is copied; try again when it is quiet`);
}
