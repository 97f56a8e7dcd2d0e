const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** `███▌      ` for a share of 0 to 100 percent. */
export function drawBar(percent: number, width: number): string {
  const eighths = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width * 8);
  // What isn't empty shows, however little it is.
  const shown = percent > 0 ? Math.max(1, eighths) : 0;
  const bar = '█'.repeat(Math.floor(shown / 8)) + (EIGHTHS[shown % 8] ?? '');
  return bar.padEnd(width);
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
export function drawSparkline(values: readonly number[], width: number): string {
  if (width <= 0 || values.length === 0) return '';
  const points = condense(values, width);
  const highest = Math.max(...points);
  const top = LEVELS.length - 1;
  const line = points.map((value) => {
    if (value <= 0) return ' ';
    return LEVELS[Math.min(top, Math.max(0, Math.ceil((value / highest) * LEVELS.length) - 1))] ?? ' ';
  });
  return line.join('').padStart(width);
}
