import type { QueueEntry } from '../message-queue/queue-fields.js';
import type { Processes, ProcessState } from '../processes/processes.js';
import type { SemaphoreEntry } from '../semaphore/semaphore-fields.js';

/** What the semaphore beside a queue says about who serves it. */
export type LivenessState =
  /** A process holds it; its pid is 0 if it belongs to another pid namespace. */
  | { readonly state: 'alive'; readonly pid: number }
  /** Whoever held it has died without taking it away: the kernel lowered it. */
  | {
      readonly state: 'dead';
      readonly pid: number;
      /** When it was lowered, in seconds since the epoch. */
      readonly time: number;
      /**
       * Why this is no proof. The process that operated on it last lives: it waited for this death (which counts as an
       * operation), or it has locked a mutex. Or it can't be looked up from here: it belongs to another pid namespace, /proc
       * hides it, or another process seems to have its number. Or nobody has ever served the queue (`unserved`): it was sent
       * to, by others, and nothing was ever received, so that the semaphore may never have been raised. Undefined: it is
       * dead, which is proof.
       */
      readonly doubt: 'alive' | 'elsewhere' | 'hidden' | 'reused' | 'unserved' | undefined;
    }
  /** There is none at this key, or nobody has held it yet. */
  | { readonly state: 'none' }
  /** It is lowered, and others than the owner of the queue and root may have lowered it. */
  | { readonly state: 'untrusted' }
  /** There is a set at this key that follows another convention. */
  | { readonly state: 'foreign' }
  /** There is one, but it may not be read. */
  | { readonly state: 'unknown' };

/** What a set at a queue's key is like at one moment. */
export interface LivenessReading {
  readonly set: Pick<SemaphoreEntry, 'count' | 'uid' | 'creatorUid' | 'mode' | 'operateTime'>;
  readonly value: number;
  /** The process that operated on it last. */
  readonly pid: number;
  /** Processes that wait until it is raised. */
  readonly waitingForIncrease: number;
}

/** The value of a semaphore that a server holds. */
export const HELD = 1;

/** What tells whose a queue is, and whether anybody has ever served it. */
export type QueueBeside = Pick<QueueEntry, 'uid' | 'sendTime' | 'receiveTime' | 'lastSendPid'>;

const ROOT = 0;
/** Whoever has write permission can lower a semaphore. */
const WRITABLE_BY_OTHERS = 0o022;

/** Whether nobody but the queue's owner and root can have lowered it. A set's creator has the rights of its owner. */
function isTrusted(
  { uid, creatorUid, mode }: LivenessReading['set'],
  queue: Pick<QueueEntry, 'uid'> | undefined,
): boolean {
  const owner = queue?.uid ?? uid;
  return (
    [uid, creatorUid].every((user) => user === owner || user === ROOT) && (mode & WRITABLE_BY_OTHERS) === 0
  );
}

function doubtAbout(fate: ProcessState): Extract<LivenessState, { state: 'dead' }>['doubt'] {
  return fate === 'alive' || fate === 'elsewhere' || fate === 'hidden' || fate === 'reused'
    ? fate
    : undefined;
}

/**
 * Whoever may read a set can wait until it is at 0. On one that was never raised that leaves what a dead server leaves, and
 * Linux keeps nothing else. A server that has answered is named by its queue.
 */
function wasNeverServed({ sendTime, receiveTime, lastSendPid }: QueueBeside, server: number): boolean {
  return sendTime !== 0 && receiveTime === 0 && lastSendPid !== server;
}

/**
 * Judges the set beside a queue. Many programs have a mutex or a counter at the key of their queue, and those are at 0
 * while somebody lives, too: 0 proves a death only if whoever operated on it last is dead, nobody waits for it, nobody
 * else could have lowered it, and the queue has had a server.
 * @param queue undefined if there is none at the key
 */
export function judgeLiveness(
  { set, value, pid, waitingForIncrease }: LivenessReading,
  queue: QueueBeside | undefined,
  processes: Pick<Processes, 'find'>,
): LivenessState {
  const time = set.operateTime;
  if (set.count !== 1 || value > HELD || waitingForIncrease > 0) return { state: 'foreign' };
  if (time === 0) return { state: value === 0 ? 'none' : 'foreign' };
  const { state: fate } = processes.find(pid, time);
  // The kernel would have lowered it: SETVAL has dropped the undo record, or it is a mutex that is free.
  if (value === HELD) return fate === 'dead' ? { state: 'foreign' } : { state: 'alive', pid };
  if (!isTrusted(set, queue)) return { state: 'untrusted' };
  const unserved = queue !== undefined && wasNeverServed(queue, pid) ? 'unserved' : undefined;
  return { state: 'dead', pid, time, doubt: doubtAbout(fate) ?? unserved };
}

function isSame(a: LivenessReading, b: LivenessReading): boolean {
  const { value, pid, waitingForIncrease } = a;
  if (value !== b.value || pid !== b.pid || waitingForIncrease !== b.waitingForIncrease) return false;
  const { uid, creatorUid, mode, operateTime } = a.set;
  const other = b.set;
  return (
    uid === other.uid &&
    creatorUid === other.creatorUid &&
    mode === other.mode &&
    operateTime === other.operateTime
  );
}

/** So often a set that changes is read anew; then what was seen last counts. */
const MOST_READINGS = 10;

/** Judges a set that may change at any time: what is judged was so before and after its process was looked up. */
export function judgeSettled(
  read: () => LivenessReading,
  judge: (reading: LivenessReading) => LivenessState,
): LivenessState {
  let reading = read();
  for (let readings = 1; ; readings += 1) {
    const state = judge(reading);
    const again = read();
    if (isSame(reading, again) || readings === MOST_READINGS) return state;
    reading = again;
  }
}
