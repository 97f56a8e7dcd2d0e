/** How many values lie in [from, to). */
export interface Bucket {
  readonly from: number;
  /** Infinity for the last one, which holds the rare outliers. */
  readonly to: number;
  readonly count: number;
}

const MOST_BUCKETS = 14;

/** Steps within a power of ten, the finest first: the preferred numbers of IEC 60063, and 1, 2, 5 at last. */
const STEPS: ReadonlyArray<readonly number[]> = [
  [10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91],
  [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82],
  [10, 15, 22, 33, 47, 68],
  [10, 20, 50],
];

/**
 * Sorts values into buckets that grow by a steady factor, because latencies have long tails. It takes the finest steps
 * with which 99 % of the values lie in a dozen buckets or so; the others share the last. The values are sorted, and
 * above zero.
 */
export function histogram(sorted: Float64Array, p99: number): Bucket[] {
  const least = sorted[0];
  if (least === undefined) return [];
  const bounds = chooseBounds(least, p99);
  const buckets: Bucket[] = [];
  let taken = 0;
  for (const [index, from] of bounds.entries()) {
    const to = bounds[index + 1] ?? Infinity;
    let end = taken;
    while (end < sorted.length && (sorted[end] ?? Infinity) < to) end++;
    if (to < Infinity || end > taken) buckets.push({ from, to, count: end - taken });
    taken = end;
  }
  return buckets;
}

/** The lower bounds of the buckets: the first is no more than `least`, the last is above `most`. */
function chooseBounds(least: number, most: number): number[] {
  let bounds: number[] = [];
  for (const steps of STEPS) {
    bounds = boundsBy(steps, least, most);
    if (bounds.length <= MOST_BUCKETS) break;
  }
  return bounds;
}

function boundsBy(steps: readonly number[], least: number, most: number): number[] {
  const bounds: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(least) - 1); ; power *= 10) {
    for (const step of steps) {
      const bound = step * power;
      if (bound <= least) bounds[0] = bound;
      else bounds.push(bound);
      if (bound > most) return bounds;
    }
  }
}

/**
 * The value that `percent` of the values do not exceed (nearest rank). The values are sorted; NaN if there are none.
 */
export function percentile(sorted: Float64Array, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? NaN;
}
