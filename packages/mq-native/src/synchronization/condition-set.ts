import type { SemaphoreOperation } from '../semaphore/semaphore-operation.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import { LOCK_SEMAPHORES, type LockExtension } from './lock-set.js';

type Operations = readonly SemaphoreOperation[];

/** How many wait and have not taken a token. With undo: the kernel takes those who die off. */
const WAITING = LOCK_SEMAPHORES;
/** Notifications that nobody has taken yet; each wakes one. */
const TOKENS = LOCK_SEMAPHORES + 1;

/** Semaphores of a condition and its lock, all zero at first, as for the lock alone. */
export const CONDITION_SEMAPHORES = LOCK_SEMAPHORES + 2;

/** Gives the process a debt of one token that the kernel pays when it dies, and leaves the value as it is. */
const OWE_TOKEN: Operations = [
  { number: TOKENS, delta: 1 },
  { number: TOKENS, delta: -1, undo: 'thread' },
];
/** Takes that debt away. */
const OWE_NOTHING: Operations = [
  { number: TOKENS, delta: 1, undo: 'thread' },
  { number: TOKENS, delta: -1 },
];

/**
 * The steps of a condition; each is one semop. They rest on three rules:
 *
 * 1. To give the lock back and to be counted as waiting is one step. So whoever notifies, and holds the lock for it,
 *    counts everybody who began to wait before.
 * 2. Nobody begins to wait while there are tokens. So a token goes to somebody who waited when it was given, and as the
 *    kernel hands tokens at once to all who sleep, there never is a token while somebody sleeps.
 * 3. Whoever holds the lock, or has taken a token and not given the lock back since, owes a token, which the kernel pays
 *    when it dies. So a notification does not die with the process that took it, and the death of a holder wakes one of
 *    those who wait: it gets the lock, learns of the death, and wakes the others.
 */
export class ConditionSet {
  readonly #waiting: SemaphoreSet;
  /** Never closed: who was counted as waiting has to be taken off after close, too. */
  readonly #always: SemaphoreSet;

  constructor(set: SemaphoreSet) {
    this.#waiting = set;
    this.#always = SemaphoreSet.fromId(set.id);
  }

  /** What the lock does in addition. */
  get lockExtension(): LockExtension {
    return {
      take: OWE_TOKEN,
      give: OWE_NOTHING,
      recover: () => {
        this.notify(Infinity);
      },
    };
  }

  /** To be done in the step that gives the lock back: begins to wait. It can't be done while there are tokens. */
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
   * Ends a wait that was given up.
   * @returns true if there is a token, which was taken
   */
  withdraw(): boolean {
    const leave = [
      { number: TOKENS, delta: 0 },
      { number: WAITING, delta: -1, undo: 'thread' as const },
    ];
    for (;;) {
      if (this.#always.tryOperate(this.claim)) return true;
      // Between the two a token can have come; but for that, one of them can be done.
      if (this.#always.tryOperate(leave) || this.#always.value(WAITING) === 0) return false;
    }
  }

  /** Pays a token that is owed, so that somebody else is woken. */
  passOn(): void {
    this.#always.tryOperate([{ number: TOKENS, delta: 1, undo: 'thread' }]);
  }

  /**
   * Wakes up to `most` of those who wait. Only the holder of the lock may: then nobody begins to wait meanwhile.
   * @returns how many
   */
  notify(most: number): number {
    for (;;) {
      const [waiting = 0, tokens = 0] = this.#always.values().slice(WAITING);
      const count = Math.min(most, waiting - tokens);
      // Those who were to take them have died; or a holder of the lock has, and nobody waited.
      if (tokens > waiting) this.#always.tryOperate([{ number: TOKENS, delta: waiting - tokens }]);
      if (count <= 0) return 0;
      // Who gives up need not hold the lock, so in the same step: are there still as many?
      const given = this.#always.tryOperate([
        { number: WAITING, delta: -(tokens + count) },
        { number: WAITING, delta: tokens + count },
        { number: TOKENS, delta: count },
      ]);
      if (given) return count;
    }
  }

  /** Whether somebody has been notified who has still to take it. Drops tokens that nobody is left to take. */
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
