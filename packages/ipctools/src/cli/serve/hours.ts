import type { Hour } from '@timeq/console/wire';
import type { Sample } from '../../watch/sampler.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';

/** Seconds in a step, and how many steps are kept. */
const STEP = 10;
const STEPS = 360;

/** How many queues are remembered step by step: 17 MB in all. */
const MOST_KEPT = 4000;

/** A queue step by step, in rings. */
interface Kept {
  readonly depth: Float32Array;
  readonly in: Float32Array;
  readonly out: Float32Array;
  /** The step written last, and its number of samples. */
  last: number;
  samples: number;
}

/** A queue that has not changed needs no ring. */
interface AtRest {
  readonly depth: number;
  readonly since: number;
}

/** The last hour of every queue, in a bounded memory. */
export class Hours {
  readonly #kept = new Map<number, Kept>();
  #resting = new Map<number, AtRest>();
  /** The step in which a sample was taken last, by its place in the rings. */
  readonly #sampled = new Float64Array(STEPS).fill(-1);
  #step = 0;

  add({ time, queues }: Sample): void {
    this.#step = Math.floor(time / 1000 / STEP);
    this.#sampled[this.#step % STEPS] = this.#step;
    const before = this.#resting;
    this.#resting = new Map();
    const present = new Set<number>();
    for (const queue of queues) {
      const { id } = queue.entry;
      present.add(id);
      const kept = this.#kept.get(id) ?? this.#begin(queue, before.get(id));
      if (kept !== undefined) this.#write(kept, queue);
    }
    for (const id of this.#kept.keys()) if (!present.has(id)) this.#kept.delete(id);
  }

  of(id: number): Hour {
    const kept = this.#kept.get(id);
    const resting = this.#resting.get(id);
    const steps = Array.from({ length: STEPS }, (_, index) => this.#step - STEPS + 1 + index);
    const told = (value: (place: number, step: number) => number | undefined): (number | null)[] =>
      steps.map((step) => {
        const place = step < 0 ? 0 : step % STEPS;
        const number = this.#sampled[place] === step ? value(place, step) : undefined;
        return number === undefined || Number.isNaN(number) ? null : Math.round(number * 100) / 100;
      });
    const rest = (value: number) => (_: number, step: number) =>
      resting === undefined || step < resting.since ? undefined : value;
    return {
      end: (this.#step + 1) * STEP,
      step: STEP,
      depth: told(kept === undefined ? rest(resting?.depth ?? 0) : (place) => kept.depth[place]),
      in: told(kept === undefined ? rest(0) : (place) => kept.in[place]),
      out: told(kept === undefined ? rest(0) : (place) => kept.out[place]),
    };
  }

  /** A ring for a queue that has changed; undefined as long as it has not. */
  #begin({ entry, flows }: WatchedQueue, resting: AtRest | undefined): Kept | undefined {
    const known = resting ?? { depth: entry.messages, since: this.#step };
    const moves = (flows?.in.perSecond ?? 0) > 0 || (flows?.out.perSecond ?? 0) > 0;
    if (entry.messages === known.depth && !moves) {
      this.#resting.set(entry.id, known);
      return undefined;
    }
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size >= MOST_KEPT) this.#kept.delete(oldest);
    const kept: Kept = {
      depth: new Float32Array(STEPS).fill(Number.NaN),
      in: new Float32Array(STEPS).fill(Number.NaN),
      out: new Float32Array(STEPS).fill(Number.NaN),
      last: this.#step - 1,
      samples: 0,
    };
    for (let step = Math.max(known.since, this.#step - STEPS + 1); step < this.#step; step += 1) {
      kept.depth[step % STEPS] = known.depth;
      kept.in[step % STEPS] = 0;
      kept.out[step % STEPS] = 0;
    }
    this.#kept.set(entry.id, kept);
    return kept;
  }

  #write(kept: Kept, { entry, flows }: WatchedQueue): void {
    const place = this.#step % STEPS;
    if (kept.last !== this.#step) {
      kept.depth[place] = 0;
      kept.in[place] = 0;
      kept.out[place] = 0;
      kept.last = this.#step;
      kept.samples = 0;
    }
    kept.depth[place] = Math.max(kept.depth[place] ?? 0, entry.messages);
    if (flows === undefined) return;
    const mean = (before = 0, value = 0): number => before + (value - before) / (kept.samples + 1);
    kept.in[place] = mean(kept.in[place], flows.in.perSecond);
    kept.out[place] = mean(kept.out[place], flows.out.perSecond);
    kept.samples += 1;
  }
}
