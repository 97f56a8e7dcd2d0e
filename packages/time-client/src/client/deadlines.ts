/** A pending request with a timeout. */
interface Perishable {
  /** By performance.now(); Infinity for never. */
  readonly deadline: number;
  expire(): void;
}

/** A timer with more milliseconds would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * One timer for all pending requests, set for the earliest deadline. It stays set when a request is answered, as nearly
 * all are, and checks them all when it fires: a timer per request would cost as much as sending it.
 */
export class Deadlines {
  readonly #pending: Iterable<Perishable>;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Infinity;

  /** @param pending the pending requests at any time */
  constructor(pending: Iterable<Perishable>) {
    this.#pending = pending;
  }

  /** Adds the deadline of a request. */
  add(deadline: number): void {
    if (deadline < this.#firesAt) this.#set(deadline);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#firesAt = Infinity;
  }

  #set(deadline: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = deadline;
    const left = Math.min(LONGEST_TIMER, Math.max(1, Math.ceil(deadline - performance.now())));
    // The reader of answers keeps the process alive.
    this.#timer = setTimeout(() => this.#look(), left).unref();
  }

  #look(): void {
    this.#timer = undefined;
    this.#firesAt = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const request of [...this.#pending]) {
      if (request.deadline <= now) request.expire();
      else next = Math.min(next, request.deadline);
    }
    if (next < this.#firesAt) this.#set(next);
  }
}
