import { showsUnicode } from './character-set.js';

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
const PLAIN: Strokes = { levels: ['.', ':', '-', '=', '+', '*', '%', '#'], parts: [''] };

/** What this terminal can show. */
export const STROKES = showsUnicode() ? BLOCKS : PLAIN;

/** `███▌      ` for a share of 0 to 1 of so many columns. What isn't empty shows, however little it is. */
export function drawBar(share: number, width: number, { levels, parts }: Strokes = STROKES): string {
  const steps = Math.round(Math.min(1, Math.max(0, share)) * width * parts.length);
  const shown = share > 0 ? Math.max(1, steps) : 0;
  const whole = (levels.at(-1) ?? '').repeat(Math.floor(shown / parts.length));
  return (whole + (parts[shown % parts.length] ?? '')).padEnd(width);
}
