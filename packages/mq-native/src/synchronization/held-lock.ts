import type { LockSet } from './lock-set.js';

/** One acquisition of a lock: what it takes to give it back. */
export interface Hold {
  readonly lock: LockSet;
  /** Acquisitions that were not released, this one included; 0 while the lock is not held. */
  dirty: number;
  formerHolderDied: boolean;
}

/** For Condition, which gives the lock back for a while. */
export let holdOf: (held: HeldLock) => Hold;

/** A Lock that is held, until `release` or the end of a `using` block. */
export class HeldLock implements Disposable, AsyncDisposable {
  readonly #hold: Hold;

  static {
    holdOf = (held) => held.#hold;
  }

  /** Lock.acquire makes them. */
  constructor(lock: LockSet, dirty: number) {
    this.#hold = { lock, dirty, formerHolderDied: dirty > 1 };
  }

  /**
   * Whoever held the lock before has died, or ended, without releasing it: what the lock protects may be half changed.
   * It stays true for every next holder until one of them releases the lock.
   */
  get formerHolderDied(): boolean {
    return this.#hold.formerHolderDied;
  }

  /** False after release, and while a Condition waits. */
  get held(): boolean {
    return this.#hold.dirty > 0;
  }

  /**
   * Lets the next one have it. Once is enough, and nothing happens if the lock was removed.
   * @throws IpcError EPROTO if somebody has set the lock's semaphores by other means
   */
  release(): void {
    const { lock, dirty } = this.#hold;
    if (dirty === 0) return;
    this.#hold.dirty = 0;
    lock.release(dirty);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.release();
    return Promise.resolve();
  }
}
