import type { QueueEntry } from '../message-queue/queue-fields.js';
import type { Processes, ProcessState } from '../processes/processes.js';
import type { SemaphoreEntry } from '../semaphore/semaphore-fields.js';

/** What the semaphore beside a queue says about the queue's server. */
export type LivenessState =
  /** A process holds it; its pid is 0 if it belongs to another pid namespace. */
  | { readonly state: 'alive'; readonly pid: number }
  /** The holder died without removing it: the kernel lowered it. */
  | {
      readonly state: 'dead';
      readonly pid: number;
      /** When it was lowered, in seconds since the epoch. */
      readonly time: number;
      /**
       * Why this is no proof. The process that operated on it last is alive: it waited for this death (which counts as
       * an operation), or it has locked a mutex. Or that process can't be looked up: it is in another pid namespace,
       * /proc hides it, or another process seems to have its pid. Or no server has ever received from the queue
       * (`unserved`): other processes sent to it, so the semaphore may never have been raised. Undefined: that process
       * is dead, which is proof.
       */
      readonly doubt: 'alive' | 'elsewhere' | 'hidden' | 'reused' | 'unserved' | undefined;
    }
  /** There is no set at this key, or no process has raised it yet. */
  | { readonly state: 'none' }
  /** It is lowered, and users other than the queue's owner and root may have lowered it. */
  | { readonly state: 'untrusted' }
  /** There is a set at this key that follows another convention. */
  | { readonly state: 'foreign' }
  /** There is a set at this key that this user may not read. */
  | { readonly state: 'unknown' };

/** A set at a queue's key, as read at one moment. */
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

/** The queue's owner, and whether it ever had a server. */
type QueueBeside = Pick<QueueEntry, 'uid' | 'sendTime' | 'receiveTime' | 'lastSendPid'>;

const ROOT = 0;
/** Write permission suffices to lower a semaphore. */
const WRITABLE_BY_OTHERS = 0o022;

/** Whether only the queue's owner and root can have lowered it. A set's creator has the rights of its owner. */
function isTrusted(
  { uid, creatorUid, mode }: LivenessReading['set'],
  queue: Pick<QueueEntry, 'uid'> | undefined,
): boolean {
  const owner = queue?.uid ?? uid;
  return (
    [uid, creatorUid].every((user) => user === owner || user === ROOT) && (mode & WRITABLE_BY_OTHERS) === 0
  );
}

function doubtAbout(state: ProcessState): Extract<LivenessState, { state: 'dead' }>['doubt'] {
  return state === 'alive' || state === 'elsewhere' || state === 'hidden' || state === 'reused'
    ? state
    : undefined;
}

/**
 * A process with read permission can wait until a set is at 0. On a set that was never raised this leaves the same
 * trace as a dead server, and Linux records nothing else. But if the server has answered, its queue names it.
 */
function wasNeverServed({ sendTime, receiveTime, lastSendPid }: QueueBeside, server: number): boolean {
  return sendTime !== 0 && receiveTime === 0 && lastSendPid !== server;
}

/**
 * Judges the set beside a queue. Many programs keep a mutex or a counter at the key of their queue, and its value is 0
 * while they are alive. So 0 proves a death only if the process that operated on it last is dead, no process waits for
 * it, no other user could have lowered it, and the queue has had a server.
 * @param queue undefined if there is none at the key
 */
export function judgeLiveness(
  { set, value, pid, waitingForIncrease }: LivenessReading,
  queue: QueueBeside | undefined,
  processes: Pick<Processes, 'find' | 'isExiting'>,
): LivenessState {
  const time = set.operateTime;
  if (set.count !== 1 || value > HELD || waitingForIncrease > 0) return { state: 'foreign' };
  if (time === 0) return { state: value === 0 ? 'none' : 'foreign' };
  const { state } = processes.find(pid, time);
  if (value === HELD) {
    // The kernel would have lowered it: SETVAL has dropped the undo record, or it is a mutex that is free.
    return state === 'dead' && !processes.isExiting(pid) ? { state: 'foreign' } : { state: 'alive', pid };
  }
  if (!isTrusted(set, queue)) return { state: 'untrusted' };
  const unserved = queue !== undefined && wasNeverServed(queue, pid) ? 'unserved' : undefined;
  return { state: 'dead', pid, time, doubt: doubtAbout(state) ?? unserved };
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

/** A set that keeps changing is read this many times; then the last reading counts. */
const MOST_READINGS = 10;

/** Judges a set that may change at any time: its readings before and after the process was looked up must agree. */
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
