import type { Order, Test } from './choice.js';
import type { Queue } from './store.js';

/** How many queues are looked at, or merged, before other work may come in between. */
const STEP = 500;

/** Milliseconds without other work. A task of 50 keeps a key or a click waiting for longer than people notice. */
const SLICE = 8;

interface Ranked {
  readonly queue: Queue;
  readonly value: number | string | undefined;
}

type Compare = (one: Ranked, other: Ranked) => number;

/** Unknown values come last, equal ones by id. */
function comparing(descending: boolean): Compare {
  const sign = descending ? -1 : 1;
  return (one, other) => {
    const byId = one.queue.row.id - other.queue.row.id;
    if (one.value === other.value) return byId;
    if (one.value === undefined) return 1;
    if (other.value === undefined) return -1;
    return (one.value < other.value ? -sign : sign) || byId;
  };
}

function* merged(
  one: readonly Ranked[],
  other: readonly Ranked[],
  compare: Compare,
): Generator<void, Ranked[]> {
  const all: Ranked[] = [];
  let next = 0;
  for (const ranked of one) {
    for (
      let before = other[next];
      before !== undefined && compare(before, ranked) < 0;
      before = other[next]
    ) {
      all.push(before);
      next += 1;
      if (all.length % STEP === 0) yield;
    }
    all.push(ranked);
    if (all.length % STEP === 0) yield;
  }
  return all.concat(other.slice(next));
}

/** The queues that fit, sorted; with a pause after each step. */
function* arranged(
  queues: Iterable<Queue>,
  fits: Test,
  { column, descending }: Order,
  now: number,
): Generator<void, Queue[]> {
  const compare = comparing(descending);
  let parts: Ranked[][] = [[]];
  let looked = 0;
  for (const queue of queues) {
    if (fits(queue.row, now)) parts.at(-1)?.push({ queue, value: column.value(queue.row, now) });
    looked += 1;
    if (looked % STEP > 0) continue;
    parts.at(-1)?.sort(compare);
    parts.push([]);
    yield;
  }
  parts.at(-1)?.sort(compare);
  while (parts.length > 1) {
    const longer: Ranked[][] = [];
    for (let i = 0; i < parts.length; i += 2)
      longer.push(yield* merged(parts[i] ?? [], parts[i + 1] ?? [], compare));
    parts = longer;
  }
  return (parts[0] ?? []).map(({ queue }) => queue);
}

/** Filters and sorts in slices: at once where there are few queues, otherwise between other work. */
export class Arrangement {
  readonly #done: (queues: Queue[]) => void;
  #work: Generator<void, Queue[]> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(done: (queues: Queue[]) => void) {
    this.#done = done;
  }

  get isRunning(): boolean {
    return this.#work !== undefined;
  }

  /** Starts, in place of what is under way. */
  start(queues: Iterable<Queue>, fits: Test, order: Order, now: number): void {
    clearTimeout(this.#timer);
    this.#work = arranged(queues, fits, order, now);
    this.#proceed(this.#work);
  }

  #proceed(work: Generator<void, Queue[]>): void {
    const end = performance.now() + SLICE;
    let step = work.next();
    while (step.done !== true && performance.now() < end) step = work.next();
    if (step.done === true) {
      this.#work = undefined;
      this.#done(step.value);
    } else {
      this.#timer = setTimeout(() => {
        this.#proceed(work);
      });
    }
  }
}
