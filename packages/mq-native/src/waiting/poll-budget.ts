import { availableParallelism } from 'node:os';

/** Polling beyond this costs more than the wake-up that it saves. */
const MOST_MICROSECONDS = 200;
const LEAST_MICROSECONDS = 25;

/** With one CPU, to poll is to keep the other side from running. */
const worthwhile = availableParallelism() > 1;

/**
 * How long to go on trying from the event loop before a thread is made to wait. A wake-up of a sleeping core costs
 * some 50 µs; a queue that was busy a moment ago usually has its next message sooner. The budget doubles when a wait
 * turned out short enough for polling and halves when it did not, down to nothing: an idle program does not poll.
 */
export class PollBudget {
  #microseconds = worthwhile ? LEAST_MICROSECONDS : 0;

  /** Milliseconds to poll for from now on; 0: not at all. */
  get milliseconds(): number {
    return this.#microseconds / 1000;
  }

  /** Learns from a wait that ended with what it waited for, after so many milliseconds. */
  ended(milliseconds: number): void {
    if (!worthwhile) return;
    if (milliseconds * 1000 <= MOST_MICROSECONDS) {
      this.#microseconds = Math.min(MOST_MICROSECONDS, Math.max(LEAST_MICROSECONDS, this.#microseconds * 2));
    } else {
      this.#microseconds = this.#microseconds > LEAST_MICROSECONDS ? this.#microseconds / 2 : 0;
    }
  }
}
