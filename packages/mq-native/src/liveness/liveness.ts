import { EACCES, EBUSY, EEXIST, ENOENT } from '../errors/errno.js';
import { GoneError, IpcError } from '../errors/ipc-error.js';
import { checkPublicKey, type Key } from '../key.js';
import { checkMode } from '../mode.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import { HeldError } from './held-error.js';

/** What the semaphore beside a queue says about who serves it. */
export type LivenessState =
  /** A process holds it. */
  | { readonly state: 'alive'; readonly pid: number }
  /** Whoever held it has died without taking it away. */
  | { readonly state: 'dead' }
  /** There is none at this key, or nobody has held it yet. */
  | { readonly state: 'none' }
  /** There is a set at this key that follows another convention. */
  | { readonly state: 'foreign' }
  /** There is one, but it may not be read. */
  | { readonly state: 'unknown' };

/** What the claim of a server looks like: one semaphore, 1 while it lives. */
const HELD = 1;

/** Whoever may use the queue may see whether it is served; only the owner may change that. */
function readableBy(mode: number): number {
  const users = (mode | (mode >> 1)) & 0o222;
  return (users << 1) | 0o600;
}

/**
 * Who serves a queue: a set of one semaphore at the same key, raised by one with SEM_UNDO. The kernel lowers it when
 * the process ends, however it ends, so a value of 1 is proof of life and a value of 0 is proof of death. It is a
 * convention that programs in any language can follow; it says nothing about programs that do not.
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
   * @param options.mode of the queue; the semaphore can be read by those who can read or write the queue
   * @throws HeldError if a living process holds it; IpcError EEXIST if a set of another kind is there, EACCES if one
   * of another user is
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
        // Its holder has just removed it: there is room for a new one.
        if (!(error instanceof GoneError)) throw error;
      }
    }
  }

  /** What is known about the holder of a key now. */
  static check(key: Key): LivenessState {
    try {
      return inspect(SemaphoreSet.open(key));
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      if (error instanceof GoneError || error.errno === ENOENT) return { state: 'none' };
      if (error.errno === EACCES) return { state: 'unknown' };
      throw error;
    }
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

  /** Gives the key up and removes the semaphore. */
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

function inspect(set: SemaphoreSet): LivenessState {
  const { count, operateTime } = set.stat();
  const value = set.value();
  if (count !== 1 || value > HELD) return { state: 'foreign' };
  if (value === HELD) return { state: 'alive', pid: set.lastPid() };
  // Zero and never operated on: its server is about to raise it.
  return { state: operateTime === 0 ? 'none' : 'dead' };
}
