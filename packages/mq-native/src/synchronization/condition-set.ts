import type { SemaphoreOperation } from '../semaphore/semaphore-operation.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import { LOCK_SEMAPHORES, type LockExtension } from './lock-set.js';

type Operations = readonly SemaphoreOperation[];

/** Number of waiters that have not taken a token. With undo: the kernel removes those that die. */
const WAITING = LOCK_SEMAPHORES;
/** Notifications that no waiter has taken yet; each wakes one. */
const TOKENS = LOCK_SEMAPHORES + 1;

/** Semaphores of a condition and its lock, all zero at first, as for the lock alone. */
export const CONDITION_SEMAPHORES = LOCK_SEMAPHORES + 2;

/** Makes the process owe one token, which the kernel pays when it dies; the value stays the same. */
const OWE_TOKEN: Operations = [
  { number: TOKENS, delta: 1 },
  { number: TOKENS, delta: -1, undo: 'thread' },
];
/** Cancels that debt. */
const OWE_NOTHING: Operations = [
  { number: TOKENS, delta: 1, undo: 'thread' },
  { number: TOKENS, delta: -1 },
];

/**
 * The steps of a condition; each is one semop. They rest on three rules:
 *
 * 1. One step both releases the lock and counts the waiter. So a notifier, which holds the lock, counts every wait that began
 *    before.
 * 2. No wait begins while there are tokens. So a token goes to a waiter that waited when it was given; and since the kernel
 *    hands tokens to sleeping waiters at once, there never is a token while a waiter sleeps.
 * 3. A thread that holds the lock, or has taken a token and not released the lock since, owes a token, which the kernel pays
 *    when it dies. So a notification does not die with the process that took it, and the death of a holder wakes a waiter,
 *    which gets the lock, learns of the death, and wakes the others.
 */
export class ConditionSet {
  readonly #waiting: SemaphoreSet;
  /** Never closed: a counted waiter has to be removed after close, too. */
  readonly #always: SemaphoreSet;

  constructor(set: SemaphoreSet) {
    this.#waiting = set;
    this.#always = SemaphoreSet.fromId(set.id);
  }

  /** Additions to the lock's steps. */
  get lockExtension(): LockExtension {
    return {
      take: OWE_TOKEN,
      give: OWE_NOTHING,
      recover: () => {
        this.notify(Infinity);
      },
    };
  }

  /** Begins to wait, in the step that releases the lock. It fails while there are tokens. */
  get begin(): Operations {
    return [
      { number: TOKENS, delta: 0 },
      { number: WAITING, delta: 1, undo: 'thread' },
    ];
  }

  /** Waits for a token and takes it; from here on the thread owes it. */
  get claim(): Operations {
    return [
      { number: TOKENS, delta: -1, undo: 'thread' },
      { number: WAITING, delta: -1, undo: 'thread' },
    ];
  }

  /**
   * Ends a wait that was cancelled.
   * @returns true if there was a token, which it took
   */
  withdraw(): boolean {
    const leave = [
      { number: TOKENS, delta: 0 },
      { number: WAITING, delta: -1, undo: 'thread' as const },
    ];
    for (;;) {
      if (this.#always.tryOperate(this.claim)) return true;
      // A token can have come between the two; otherwise one of them succeeds.
      if (this.#always.tryOperate(leave) || this.#always.value(WAITING) === 0) return false;
    }
  }

  /** Pays an owed token, which wakes another waiter. */
  passOn(): void {
    this.#always.tryOperate([{ number: TOKENS, delta: 1, undo: 'thread' }]);
  }

  /**
   * Wakes up to `most` waiters. Only the holder of the lock may call it: then no wait begins meanwhile.
   * @returns how many
   */
  notify(most: number): number {
    for (;;) {
      const [waiting = 0, tokens = 0] = this.#always.values().slice(WAITING);
      const count = Math.min(most, waiting - tokens);
      // The waiters of these tokens have died; or a holder of the lock died while there were no waiters.
      if (tokens > waiting) this.#always.tryOperate([{ number: TOKENS, delta: waiting - tokens }]);
      if (count <= 0) return 0;
      // A cancelled wait need not hold the lock, so the same step checks that there are still as many waiters.
      const given = this.#always.tryOperate([
        { number: WAITING, delta: -(tokens + count) },
        { number: WAITING, delta: tokens + count },
        { number: TOKENS, delta: count },
      ]);
      if (given) return count;
    }
  }

  /** Whether a notified waiter has still to take its token. Drops tokens that have no waiter left. */
  get tokensLeft(): boolean {
    this.notify(0);
    return this.#always.value(TOKENS) > 0;
  }

  async wait(options: Parameters<SemaphoreSet['operate']>[1]): Promise<void> {
    await this.#waiting.operate(this.claim, options);
  }

  waitSync(options: Parameters<SemaphoreSet['operateSync']>[1]): void {
    this.#waiting.operateSync(this.claim, options);
  }
}
