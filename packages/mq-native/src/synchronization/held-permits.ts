import { GoneError } from '../errors/ipc-error.js';
import type { SemaphoreOperation } from '../semaphore/semaphore-operation.js';
import type { SemaphoreSet } from '../semaphore/semaphore-set.js';

/** Permits of a CountingSemaphore that were acquired, until `release` or the end of a `using` block. */
export class HeldPermits implements Disposable, AsyncDisposable {
  /** How many. */
  readonly permits: number;
  readonly #set: SemaphoreSet;
  readonly #giveBack: SemaphoreOperation;
  #held = true;

  /** CountingSemaphore.acquire makes them. @param set one that is never closed */
  constructor(set: SemaphoreSet, taken: SemaphoreOperation) {
    this.permits = -taken.delta;
    this.#set = set;
    this.#giveBack = { ...taken, delta: -taken.delta };
  }

  /** Gives them back. Once is enough, and nothing happens if the semaphore was removed. */
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
