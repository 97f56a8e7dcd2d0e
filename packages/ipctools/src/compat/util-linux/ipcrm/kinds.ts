import { type Key, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import type { Ownership } from '../../../processes/credentials.js';

/** The kinds of objects as ipcrm(1) spells them. */
export type KindName = 'shm' | 'msg' | 'sem';

interface Entry extends Ownership {
  readonly id: number;
}

/** What ipcrm(1) does to one kind of objects. */
export interface Kind {
  /** For `-v`. */
  readonly description: string;
  /** What a kernel without it lacks. */
  readonly facility: string;
  /** The id of the object at a key. */
  idOfKey(key: Key): number;
  remove(id: number): void;
  list(): Iterable<Entry>;
}

export const KINDS: Readonly<Record<KindName, Kind>> = {
  shm: {
    description: 'shared memory segment',
    facility: 'shared memory',
    idOfKey: (key) => SharedMemory.open(key).id,
    remove: (id) => SharedMemory.removeId(id),
    list: () => SharedMemory.list(),
  },
  msg: {
    description: 'message queue',
    facility: 'message queues',
    idOfKey: (key) => MessageQueue.open(key).id,
    remove: (id) => MessageQueue.removeId(id),
    list: () => MessageQueue.entries(),
  },
  sem: {
    description: 'semaphore',
    facility: 'semaphores',
    idOfKey: (key) => SemaphoreSet.open(key).id,
    remove: (id) => SemaphoreSet.removeId(id),
    list: () => SemaphoreSet.list(),
  },
};
