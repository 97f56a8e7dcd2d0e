import { IpcError } from '../errors/ipc-error.js';
import { native } from '../native.js';
import { cancel, listen } from './waiters.js';

/** A clock that a timer follows: the machine's wall clock, or its monotonic one (process.hrtime). */
export type TimerClock = 'wall' | 'steady';

/** The kernel takes no later moment: in the year 2262. */
const LATEST = 2n ** 63n - 1n;

/**
 * Calls back when a clock shows a moment. The kernel watches the clock, not a countdown: a wall clock that is set
 * forward past the moment ends the wait at once, one that is set back prolongs it, and the time that the machine was
 * suspended counts. It costs a thread while it is set, and does not keep the process alive.
 */
export class ClockTimer implements Disposable {
  readonly #rang: () => void;
  #waiter: number | undefined;

  /** @param rang is called once for each moment that was set and came */
  constructor(rang: () => void) {
    this.#rang = rang;
  }

  /**
   * Sets the moment, in place of the one that was set before.
   * @param moment in nanoseconds: since the epoch by the wall clock, otherwise as process.hrtime.bigint() has it
   * @throws IpcError EAGAIN if there can be no further thread
   */
  set(moment: bigint, clock: TimerClock = 'wall'): void {
    this.clear();
    const until = moment > LATEST ? LATEST : moment < 0n ? 0n : moment;
    const waiter = native.waitClock(clock === 'wall' ? 1 : 0, until);
    if (waiter < 0) throw new IpcError(-waiter, { syscall: 'pthread_create' });
    this.#waiter = waiter;
    listen(waiter, () => {
      this.#waiter = undefined;
      this.#rang();
    });
  }

  /** No moment is set any more. */
  clear(): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter !== undefined) cancel(waiter);
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
