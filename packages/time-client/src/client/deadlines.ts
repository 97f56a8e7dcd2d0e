/** Something that is given up when its time is over. */
export interface Perishable {
  /** By performance.now(); Infinity for never. */
  readonly deadline: number;
  expire(): void;
}

/** A timer of more milliseconds would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * One timer for all requests under way, set for the first deadline there was. It is left alone when a request is answered,
 * which nearly all are, and looks around when it fires: a timer for each request would cost as much as sending it.
 */
export class Deadlines {
  readonly #pending: Iterable<Perishable>;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Infinity;

  /** @param pending what is under way, as it is at any time */
  constructor(pending: Iterable<Perishable>) {
    this.#pending = pending;
  }

  /** A request has come that has to be over by then. */
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
    // What waits for the answer keeps the process alive.
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
