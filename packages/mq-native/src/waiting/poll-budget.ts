/** Polling for longer than this costs more than the wake-up that it saves. */
const DEFAULT_LONGEST = 200;
const FIRST = 25;

/**
 * How long to poll from the event loop before a thread blocks, in microseconds. Waking a sleeping core takes some 50
 * µs; a queue that was busy a moment ago usually has its next message sooner. The budget doubles when a wait was short
 * enough for polling and halves when it was not, down to nothing: an idle program does not poll.
 */
export class PollBudget {
  #longest = DEFAULT_LONGEST;
  #microseconds = FIRST;

  /** Its upper limit; 0 for no polling. */
  get longest(): number {
    return this.#longest;
  }

  set longest(microseconds: number) {
    this.#longest = microseconds;
    this.#microseconds = Math.min(microseconds, FIRST);
  }

  /** Milliseconds to poll from now on; 0: not at all. */
  get milliseconds(): number {
    return this.#microseconds / 1000;
  }

  /** Learns from a wait that succeeded after this many milliseconds. */
  ended(milliseconds: number): void {
    if (this.#longest === 0) return;
    if (milliseconds * 1000 <= this.#longest) {
      this.#microseconds = Math.min(this.#longest, Math.max(FIRST, this.#microseconds * 2));
    } else {
      this.#microseconds = this.#microseconds > FIRST ? this.#microseconds / 2 : 0;
    }
  }
}
