/** Lets one line through per interval, and counts the rest: events that a client can cause must not flood the log. */
export class LogLimit {
  readonly #now: () => number;
  #count = 0;
  #last = -Infinity;

  /** @param now the steady clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts one more event. Returns the count since the last line if it is time for the next; otherwise undefined. */
  next(): number | undefined {
    this.#count += 1;
    const now = this.#now();
    if (now - this.#last < 1000) return undefined;
    const count = this.#count;
    this.#last = now;
    this.#count = 0;
    return count;
  }
}
