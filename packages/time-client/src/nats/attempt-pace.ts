/** How many round trips are looked at, and after how many new ones. */
const WINDOW = 128;
const REFRESH = 64;

/** Before anything is known, and the bounds of what is chosen then, in milliseconds. */
const UNKNOWN = 250;
const LEAST = 20;
const MOST = 1000;

/** Ten times what all but one in a hundred take: an answer that has not come by then is most likely lost. */
const FACTOR = 10;

/** From the third attempt on each waits twice as long as the last, up to this, so that slow servers are not flooded. */
const STEADY_ATTEMPTS = 2;
const MOST_BETWEEN = 250;

/** Decides how long an attempt waits for its answer before the next one is made, by how long answers take. */
export class AttemptPace {
  readonly #recent = new Float64Array(WINDOW);
  #count = 0;
  #first = UNKNOWN;

  /** An answer came after so many milliseconds, to a request that was sent once. */
  answered(milliseconds: number): void {
    this.#recent[this.#count % WINDOW] = milliseconds;
    this.#count += 1;
    if (this.#count % REFRESH !== 0) return;
    const known = this.#recent.slice(0, Math.min(WINDOW, this.#count)).sort();
    const high = known[Math.floor(known.length * 0.99)] ?? UNKNOWN;
    this.#first = Math.min(MOST, Math.max(LEAST, FACTOR * high));
  }

  /** Milliseconds until the next attempt. @param attempts how many were made */
  wait(attempts: number): number {
    const doublings = Math.max(0, attempts - STEADY_ATTEMPTS);
    return Math.max(this.#first, Math.min(MOST_BETWEEN, this.#first * 2 ** doublings));
  }
}
