import { showsUnicode } from '@timeq/cli-kit/output/character-set';

/** What bars and sparklines are made of. */
export interface Strokes {
  /** From the lowest to the full height. */
  readonly levels: readonly string[];
  /** Parts of a column, from none; a whole one is the highest level. */
  readonly parts: readonly string[];
}

export const BLOCKS: Strokes = {
  levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  parts: ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'],
};
export const PLAIN: Strokes = { levels: ['.', ':', '-', '=', '+', '*', '%', '#'], parts: [''] };

const STROKES = showsUnicode() ? BLOCKS : PLAIN;

/** `███▌      ` for a share of 0 to 100 percent. */
export function drawBar(percent: number, width: number, { levels, parts }: Strokes = STROKES): string {
  const steps = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width * parts.length);
  // What isn't empty shows, however little it is.
  const shown = percent > 0 ? Math.max(1, steps) : 0;
  const whole = (levels.at(-1) ?? '').repeat(Math.floor(shown / parts.length));
  return (whole + (parts[shown % parts.length] ?? '')).padEnd(width);
}

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
