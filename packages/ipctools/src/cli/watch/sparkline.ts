import { STROKES, type Strokes } from '@timeq/cli-kit/text/bar';

/** The highest of each group of neighbours, so that `values` become no more than `width`; the last group is full. */
function condense(values: readonly number[], width: number): number[] {
  const size = Math.ceil(values.length / width);
  const groups: number[] = [];
  for (let end = values.length; end > 0; end -= size) {
    groups.unshift(Math.max(...values.slice(Math.max(0, end - size), end)));
  }
  return groups;
}

/** `▁▁▃▇`: the newest at the right; the highest value that is shown is the full height, and 0 the lowest. */
export function drawSparkline(
  values: readonly number[],
  width: number,
  { levels }: Strokes = STROKES,
): string {
  if (width <= 0 || values.length === 0) return '';
  const points = condense(values, width);
  const highest = Math.max(...points);
  const top = levels.length - 1;
  const line = points.map((value) => {
    if (value <= 0) return ' ';
    return levels[Math.min(top, Math.max(0, Math.ceil((value / highest) * levels.length) - 1))] ?? ' ';
  });
  return line.join('').padStart(width);
}
