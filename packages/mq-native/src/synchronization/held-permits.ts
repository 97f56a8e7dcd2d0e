import { GoneError } from '../errors/ipc-error.js';
import type { SemaphoreOperation } from '../semaphore/semaphore-operation.js';
import type { SemaphoreSet } from '../semaphore/semaphore-set.js';

/** Acquired permits of a CountingSemaphore, until `release` or the end of a `using` block. */
export class HeldPermits implements Disposable, AsyncDisposable {
  /** The number of permits. */
  readonly permits: number;
  readonly #set: SemaphoreSet;
  readonly #giveBack: SemaphoreOperation;
  #held = true;

  /** For CountingSemaphore.acquire. @param set one that is never closed */
  constructor(set: SemaphoreSet, taken: SemaphoreOperation) {
    this.permits = -taken.delta;
    this.#set = set;
    this.#giveBack = { ...taken, delta: -taken.delta };
  }

  /** Releases them. A second call does nothing, and neither does a call after the semaphore was removed. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    try {
      this.#set.tryOperate([this.#giveBack]);
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
    }
  }

  [Symbol.dispose](): void {
    this.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.release();
    return Promise.resolve();
  }
}
