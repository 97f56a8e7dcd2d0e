import { GoneError, SemaphoreSet, type QueueEntry, type SemaphoreEntry } from '@timeq/mq-native';
import { isDenied } from '../failure.js';
import type { Processes } from '../processes/process.js';
import type { SemaphoreEvidence } from './evidence.js';

/** Whoever doesn't own a queue must not be able to lower its semaphore: no write bits for group and others. */
const WRITABLE_BY_OTHERS = 0o022;

/** A set of the queue's owner that nobody else may change: docs/liveness.md. */
function hasTheShape({ uid, mode }: SemaphoreEntry, queue: QueueEntry): boolean {
  return uid === queue.uid && (mode & WRITABLE_BY_OTHERS) === 0;
}

/**
 * Reads what the set at a queue's key says. Many programs have a mutex or a counter at the key of their queue, and those
 * are at 0 while somebody lives, too. So 0 proves death only if whoever operated on it last is dead, nobody waits for it
 * and nobody else could have lowered it; 1 is taken for life in any set.
 */
function read(
  set: SemaphoreSet,
  entry: SemaphoreEntry,
  queue: QueueEntry,
  processes: Processes,
): SemaphoreEvidence {
  const value = set.value();
  const pid = set.lastPid();
  const { operateTime: time } = entry;
  if (value > 1 || set.waitingForIncrease() > 0) return { state: 'foreign' };
  if (value === 0 && time === 0) return { state: 'none' };
  const { state } = processes.find(pid, time);
  // The kernel would have lowered it: SETVAL has dropped the undo record, or it is a mutex that is free.
  if (value === 1) return state === 'dead' ? { state: 'foreign' } : { state: 'held', pid };
  if (state === 'alive' || !hasTheShape(entry, queue)) return { state: 'foreign' };
  if (state !== 'dead') return { state: 'unknown' };
  return { state: 'lowered', pid, time, usedSince: queue.receiveTime > time };
}

/** What the set at a queue's key says about who serves the queue. */
export function readLivenessSemaphore(
  entry: SemaphoreEntry | undefined,
  queue: QueueEntry,
  processes: Processes,
): SemaphoreEvidence {
  if (entry === undefined) return { state: 'none' };
  if (entry.count !== 1) return { state: 'foreign' };
  try {
    using set = SemaphoreSet.fromId(entry.id);
    return read(set, entry, queue, processes);
  } catch (error) {
    if (error instanceof GoneError) return { state: 'none' };
    if (isDenied(error)) return { state: 'unknown' };
    throw error;
  }
}
