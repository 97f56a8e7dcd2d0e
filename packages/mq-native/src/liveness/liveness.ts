import { EACCES, EBUSY, EEXIST, ENOENT } from '../errors/errno.js';
import { GoneError, IpcError } from '../errors/ipc-error.js';
import { checkPublicKey } from '../check-key.js';
import type { Key } from '../key.js';
import { checkMode } from '../mode.js';
import { MessageQueue } from '../message-queue/message-queue.js';
import type { QueueEntry } from '../message-queue/queue-fields.js';
import { Processes } from '../processes/processes.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import { HeldError } from './held-error.js';
import { HELD, judgeLiveness, judgeSettled, type LivenessReading, type LivenessState } from './judgement.js';

/** Every user of the queue may see whether it has a server; only the owner may change that. */
function readableBy(mode: number): number {
  const users = (mode | (mode >> 1)) & 0o222;
  return (users << 1) | 0o600;
}

/**
 * Tells whether a queue's server is alive: a set of one semaphore at the same key, which the server raises by one with
 * SEM_UNDO. The kernel lowers it when the process ends, however it ends, so 1 is proof of life. 0 is proof of death if
 * the process that operated on it last is known to be dead and no other user could have lowered it. Programs in any
 * language can follow this convention; it says nothing about programs that do not.
 */
export class Liveness {
  readonly key: Key;
  readonly #set: SemaphoreSet;

  private constructor(key: Key, set: SemaphoreSet) {
    this.key = key;
    this.#set = set;
  }

  /**
   * Claims the key for this process, until `release` or the process's end.
   * @param options.mode of the queue; every user who can read or write the queue can read the semaphore
   * @throws HeldError if a living process holds it; IpcError EEXIST if a set of another kind has the key, EACCES if the set
   * belongs to another user
   */
  static claim(key: Key, options: { readonly mode: number }): Liveness {
    const publicKey = checkPublicKey(key);
    const mode = readableBy(checkMode(options.mode));
    for (;;) {
      const set = SemaphoreSet.openOrCreate(publicKey, { count: 1, mode });
      try {
        raise(set);
        const before = set.stat();
        if (before.mode !== mode) set.set({ mode });
        return new Liveness(publicKey, set);
      } catch (error) {
        // The holder has just removed it, so a new one can be created.
        if (!(error instanceof GoneError)) throw error;
      }
    }
  }

  /** What is known about the holder of a key now. */
  static check(key: Key): LivenessState {
    try {
      return Liveness.judge(SemaphoreSet.open(key), () => queueAt(key));
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      if (error instanceof GoneError || error.errno === ENOENT) return { state: 'none' };
      if (error.errno === EACCES) return { state: 'unknown' };
      throw error;
    }
  }

  /**
   * As check, for a set that is known already.
   * @param queue finds the queue at the same key; it is called only if the semaphore is lowered
   * @param processes what is known of how /proc shows processes; each process is looked up again
   * @throws IpcError EACCES if the set may not be read; GoneError
   */
  static judge(
    set: SemaphoreSet,
    queue: () => QueueEntry | undefined,
    processes: Processes = new Processes(),
  ): LivenessState {
    let found: { readonly queue: QueueEntry | undefined } | undefined;
    return judgeSettled(
      () => readSemaphore(set),
      (reading) => {
        if (reading.value === 0) found ??= { queue: queue() };
        return judgeLiveness(reading, found?.queue, processes.anew());
      },
    );
  }

  /**
   * Resolves when the holder of a key has died or has released it, at once if there is none. Costs a thread.
   * @throws IpcError EACCES if the semaphore may not be read; AbortError
   */
  static async died(key: Key, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    try {
      using set = SemaphoreSet.open(key);
      await set.operate([{ delta: 0 }], options);
    } catch (error) {
      if (error instanceof GoneError || (error instanceof IpcError && error.errno === ENOENT)) return;
      throw error;
    }
  }

  /** Releases the key and removes the semaphore. */
  release(): void {
    try {
      this.#set.remove();
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
    }
    this.#set.close();
  }
}

/** From 0 to 1 in one step, or not at all. */
function raise(set: SemaphoreSet): void {
  const call = { syscall: 'semop', object: 'semaphore set', id: set.id, key: set.key } as const;
  if (set.stat().count !== 1) throw new IpcError(EEXIST, call);
  const raised = set.tryOperate([{ delta: 0 }, { delta: HELD, undo: true }]);
  if (raised) return;
  if (set.value() > HELD) throw new IpcError(EEXIST, call);
  throw new HeldError(EBUSY, call, set.lastPid());
}

function readSemaphore(set: SemaphoreSet): LivenessReading {
  const entry = set.stat();
  if (entry.count !== 1) return { set: entry, value: 0, pid: 0, waitingForIncrease: 0 };
  return { set: entry, value: set.value(), pid: set.lastPid(), waitingForIncrease: set.waitingForIncrease() };
}

/** The queue at a key, even if this user may not read it. */
function queueAt(key: Key): QueueEntry | undefined {
  try {
    return MessageQueue.open(key).stat();
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    if (error instanceof GoneError || error.errno === ENOENT) return undefined;
    return MessageQueue.list().find((queue) => queue.key === key);
  }
}
