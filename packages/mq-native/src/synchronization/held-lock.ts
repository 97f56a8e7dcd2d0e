import type { LockSet } from './lock-set.js';

/** One acquisition of a lock, with what its release needs. */
export interface Hold {
  readonly lock: LockSet;
  /** Acquisitions that were not released, this one included; 0 while the lock is not held. */
  dirty: number;
  formerHolderDied: boolean;
}

/** For Condition, which releases the lock during a wait. */
export let holdOf: (held: HeldLock) => Hold;

/** A Lock that is held, until `release` or the end of a `using` block. */
export class HeldLock implements Disposable, AsyncDisposable {
  readonly #hold: Hold;

  static {
    holdOf = (held) => held.#hold;
  }

  /** For Lock.acquire. */
  constructor(lock: LockSet, dirty: number) {
    this.#hold = { lock, dirty, formerHolderDied: dirty > 1 };
  }

  /**
   * The former holder died, or ended, without releasing it: the data that the lock protects may be half changed. It
   * stays true for each following holder until one of them releases the lock.
   */
  get formerHolderDied(): boolean {
    return this.#hold.formerHolderDied;
  }

  /** False after release, and while a Condition waits. */
  get held(): boolean {
    return this.#hold.dirty > 0;
  }

  /**
   * Releases the lock. A second call does nothing, and neither does a call after the lock was removed.
   * @throws IpcError EPROTO if another program has changed the lock's semaphores
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
