import {
  GoneError,
  Liveness,
  MessageQueue,
  SemaphoreSet,
  type Key,
  type LivenessState,
  type Processes,
  type QueueEntry,
  type SegmentEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import { codeOf, isDenied } from '../failure.js';
import { LISTS } from '../model/lists.js';
import { slotsOf, type Slots } from '../model/slots.js';

/** The parts of a set beside its entry in the kernel's table. */
interface SetReading {
  readonly readable: boolean;
  /** Processes that wait for one of its semaphores. */
  readonly waiters: number;
  /** The last process of each semaphore, each once. */
  readonly lastPids: readonly number[];
  /** Some semaphore has no last process: it was never used, or by a process of another pid namespace. */
  readonly unnamed: boolean;
}

/** The kernel's evidence on objects, all of it read-only. Tests replace it. */
export interface Kernel {
  /** The queue at a key, and the set. */
  queueAt(key: Key): QueueEntry | undefined;
  setAt(key: Key): SemaphoreEntry | undefined;
  /** The queue whose messages a segment holds, by its key, size and lock: an attachment would change its times. */
  slotsOf(segment: SegmentEntry): Slots | undefined;
  /** Whether this user may read a queue. */
  mayRead(queue: QueueEntry): boolean;
  readSet(set: SemaphoreEntry): SetReading;
  /** What the set at a queue's key says about who serves the queue. */
  liveness(set: SemaphoreEntry, queue: QueueEntry, processes: Processes): LivenessState;
}

function readSet({ id, count }: SemaphoreEntry): SetReading {
  const lastPids = new Set<number>();
  let waiters = 0;
  try {
    using set = SemaphoreSet.fromId(id);
    for (let number = 0; number < count; number += 1) {
      waiters += set.waitingForIncrease(number) + set.waitingForZero(number);
      lastPids.add(set.lastPid(number));
    }
  } catch (error) {
    if (isDenied(error)) return { readable: false, waiters: 0, lastPids: [], unnamed: true };
    if (!(error instanceof GoneError)) throw error;
  }
  const unnamed = lastPids.delete(0);
  return { readable: true, waiters, lastPids: [...lastPids], unnamed };
}

function readLiveness({ id }: SemaphoreEntry, queue: QueueEntry, processes: Processes): LivenessState {
  try {
    using set = SemaphoreSet.fromId(id);
    return Liveness.judge(set, () => queue, processes);
  } catch (error) {
    if (error instanceof GoneError) return { state: 'none' };
    if (isDenied(error)) return { state: 'unknown' };
    throw error;
  }
}

type Keyed = Readonly<Record<'key', Key>>;

/** The object at a key, even one that may not be read: then the kernel's table has its entry. */
function entryAt<Entry extends Keyed>(
  key: Key,
  open: (key: Key) => { stat(): Entry },
  list: () => readonly Entry[],
): Entry | undefined {
  if (key === 0) return undefined;
  try {
    return open(key).stat();
  } catch (error) {
    if (isDenied(error)) return list().find((entry) => entry.key === key);
    if (error instanceof GoneError || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The state at the moment of each question. */
export const KERNEL: Kernel = {
  queueAt: (key) => entryAt<QueueEntry>(key, (at) => MessageQueue.open(at), LISTS.queues),
  setAt: (key) => entryAt(key, (at) => SemaphoreSet.open(at), LISTS.semaphores),
  slotsOf: (segment) => slotsOf(segment, LISTS.queues()),
  mayRead: ({ id }) => MessageQueue.isReadable(id),
  readSet,
  liveness: readLiveness,
};

function byKey<Entry extends Keyed>(entries: readonly Entry[]): ReadonlyMap<Key, Entry> {
  return new Map(entries.filter(({ key }) => key !== 0).map((entry) => [entry.key, entry]));
}

/** Neighbours as they are at the first question: listing many objects reads the tables once. */
export function kernelSnapshot(): Kernel {
  let queues: ReadonlyMap<Key, QueueEntry> | undefined;
  let sets: ReadonlyMap<Key, SemaphoreEntry> | undefined;
  const snapshot = (): ReadonlyMap<Key, QueueEntry> => (queues ??= byKey(LISTS.queues()));
  return {
    ...KERNEL,
    queueAt: (key) => snapshot().get(key),
    slotsOf: (segment) => slotsOf(segment, snapshot().values()),
    setAt: (key) => (sets ??= byKey(LISTS.semaphores())).get(key),
  };
}

/**
 * The state at the moment of each question, but for the queues: a semaphore is evidence for one that was just removed.
 */
export function kernelRemembering(): Kernel {
  const queues = byKey(LISTS.queues());
  return { ...KERNEL, queueAt: (key) => queues.get(key) };
}
