import { MessageQueue, type Message, type QueueEntry } from '@timeq/mq-native';
import { Failure } from '../failure.js';
import { changesBetween } from '../model/ipc-object.js';
import { nameQueue } from '../model/find-queue.js';

/** A queue with all its messages, in their order. */
export interface QueueCopy {
  readonly entry: CopiedEntry;
  readonly messages: readonly Message[];
}

/** The properties of a queue in a copy; a new queue gets the others by itself. */
export type CopiedEntry = Pick<
  QueueEntry,
  'key' | 'id' | 'mode' | 'uid' | 'gid' | 'creatorUid' | 'creatorGid' | 'messages' | 'bytes' | 'maxBytes'
> &
  Pick<QueueEntry, 'sendTime' | 'receiveTime' | 'changeTime' | 'lastSendPid' | 'lastReceivePid'>;

/** A queue in use may change while it is copied: how often to start again. */
const MOST_ATTEMPTS = 5;

/**
 * Copies a queue without taking a message (MSG_COPY).
 * @returns undefined if the queue changed meanwhile, so that the copy may never have been its content
 * @throws IpcError EACCES, ENOSYS; GoneError
 */
function copyUnchanged(id: number, onMessage: () => void): QueueCopy | undefined {
  const queue = MessageQueue.fromId(id);
  const before = queue.stat();
  const messages: Message[] = [];
  for (const message of queue.peekAll()) {
    messages.push(message);
    onMessage();
  }
  const after = queue.stat();
  const changes = changesBetween({ kind: 'queue', entry: before }, { kind: 'queue', entry: after });
  return changes.length > 0 || messages.length !== before.messages ? undefined : { entry: before, messages };
}

/** As copyUnchanged, repeated if needed. @param onMessage called for each message that was copied @throws Failure if the queue keeps changing; the errors of copyUnchanged */
export function copyQueue(
  {
    id,
    key,
  }: {
    readonly id: number;
    readonly key?: number | undefined;
  },
  onMessage: () => void = () => undefined,
): QueueCopy {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const copy = copyUnchanged(id, onMessage);
    if (copy !== undefined) return copy;
  }
  throw new Failure(`${nameQueue({ id, key })} changes while it is copied; try again when it is idle`);
}
