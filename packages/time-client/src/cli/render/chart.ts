import { drawBar } from '@timeq/cli-kit/text/bar';
import type { Bucket } from './histogram.js';
import type { Terminal } from '../terminal.js';
import { spanUnit } from './span-unit.js';

/** Draws a histogram of nanoseconds as lines no wider than the terminal. */
export function chart(buckets: readonly Bucket[], terminal: Terminal): string[] {
  const bounds = buckets.map((bucket) => boundsText(bucket, terminal.unicode));
  const counts = buckets.map(({ count }) => String(count));
  const boundsWidth = Math.max(0, ...bounds.map(({ length }) => length));
  const countsWidth = Math.max(0, ...counts.map(({ length }) => length));
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const barWidth = Math.max(1, terminal.columns - boundsWidth - countsWidth - 4);
  return buckets.map(({ count }, index) => {
    const label = (bounds[index] ?? '').padStart(boundsWidth);
    const bar = drawBar(count / most, barWidth).trimEnd();
    return `  ${label} ${(counts[index] ?? '').padStart(countsWidth)} ${terminal.accent(bar)}`.trimEnd();
  });
}

/** `15 - 22 µs`, in the unit of the lower bound. */
function boundsText({ from, to }: Bucket, unicode: boolean): string {
  const { name, nanoseconds } = spanUnit(from, unicode);
  // Bounds are round numbers: rounding only removes the error of a double.
  const number = (ns: number): string => String(Number((ns / nanoseconds).toFixed(3)));
  return to === Infinity ? `from ${number(from)} ${name}` : `${number(from)} - ${number(to)} ${name}`;
}
