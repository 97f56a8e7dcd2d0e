/** The value that `percent` of the values do not exceed (nearest rank). The values are sorted; NaN without any. */
export function percentile(sorted: Float64Array, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? NaN;
}
