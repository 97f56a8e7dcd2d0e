/** Polling beyond this costs more than the wake-up that it saves. */
const DEFAULT_LONGEST = 200;
const FIRST = 25;

/**
 * How long to go on trying from the event loop before a thread is made to wait, in microseconds. A wake-up of a
 * sleeping core costs some 50 µs; a queue that was busy a moment ago usually has its next message sooner. The budget
 * doubles when a wait turned out short enough for polling and halves when it did not, down to nothing: an idle
 * program does not poll.
 */
export class PollBudget {
  #longest = DEFAULT_LONGEST;
  #microseconds = FIRST;

  /** The longest that it may become; 0 for none. */
  get longest(): number {
    return this.#longest;
  }

  set longest(microseconds: number) {
    this.#longest = microseconds;
    this.#microseconds = Math.min(microseconds, FIRST);
  }

  /** Milliseconds to poll for from now on; 0: not at all. */
  get milliseconds(): number {
    return this.#microseconds / 1000;
  }

  /** Learns from a wait that ended with what it waited for, after so many milliseconds. */
  ended(milliseconds: number): void {
    if (this.#longest === 0) return;
    if (milliseconds * 1000 <= this.#longest) {
      this.#microseconds = Math.min(this.#longest, Math.max(FIRST, this.#microseconds * 2));
    } else {
      this.#microseconds = this.#microseconds > FIRST ? this.#microseconds / 2 : 0;
    }
  }
}
