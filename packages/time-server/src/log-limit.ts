/** Lets one line through in a while, and counts the rest: what a client can cause at will must not flood the log. */
export class LogLimit {
  readonly #now: () => number;
  #count = 0;
  #last = -Infinity;

  /** @param now the steady clock, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts one more. How many there were since the last line, if it is time for the next; otherwise undefined. */
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
