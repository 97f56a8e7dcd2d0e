/** The value below which a share of the sorted values lies. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return sorted[index] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** The figures of a program that timed every step, in the unit of the times. */
export function summary(times: Float64Array): { mean: number; p50: number; p99: number } {
  const sorted = Float64Array.from(times).sort();
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return { mean, p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
}
