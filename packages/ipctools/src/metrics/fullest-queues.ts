interface Ranked<Queue> {
  readonly queue: Queue;
  readonly full: number;
}

/** Keeps the fullest of any number of queues, and so much memory only. */
export class FullestQueues<Queue> {
  readonly #most: number;
  readonly #fullness: (queue: Queue) => number | undefined;
  #kept: Ranked<Queue>[] = [];
  /** Queues that are less full are out already. */
  #least = -1;

  /** @param fullness in any unit; undefined counts as empty */
  constructor(most: number, fullness: (queue: Queue) => number | undefined) {
    this.#most = most;
    this.#fullness = fullness;
  }

  add(queue: Queue): void {
    const full = this.#fullness(queue) ?? 0;
    if (full <= this.#least) return;
    this.#kept.push({ queue, full });
    if (this.#kept.length > 2 * this.#most) this.#cut();
  }

  /** Those that are kept: the fullest first, or all of them in their order. */
  end(): Queue[] {
    if (this.#kept.length > this.#most) this.#cut();
    return this.#kept.map(({ queue }) => queue);
  }

  #cut(): void {
    this.#kept = this.#kept.sort((one, other) => other.full - one.full).slice(0, this.#most);
    this.#least = this.#kept.at(-1)?.full ?? Infinity;
  }
}
