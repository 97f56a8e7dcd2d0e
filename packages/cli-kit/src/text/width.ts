import columnsOf from 'fast-string-width';
import { showsUnicode } from './character-set.js';

const ASCII = /^[\u0020-\u007e]*$/;

/** The mark of a text that was cut. */
export const ELLIPSIS = showsUnicode() ? '\u2026' : '...';

/** Whether it is one column for each character, and safe on a terminal. */
export function isPlain(text: string): boolean {
  return ASCII.test(text);
}

/** How many columns of a terminal the text takes. */
export function displayWidth(text: string): number {
  return isPlain(text) ? text.length : columnsOf(text);
}

let segmenter: Intl.Segmenter | undefined;

/** A character as people count them: a letter with its accents, an emoji of several code points. */
function* charactersOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Cuts the text to `width` columns and marks the cut, if there is room for the mark. */
export function cut(text: string, width: number): string {
  // No character takes more than two columns.
  if (2 * text.length <= width || displayWidth(text) <= width) return text;
  const mark = ELLIPSIS.length < width ? ELLIPSIS : '';
  const room = width - mark.length;
  if (isPlain(text)) return text.slice(0, room) + mark;
  let kept = '';
  let used = 0;
  for (const character of charactersOf(text)) {
    used += displayWidth(character);
    if (used > room) break;
    kept += character;
  }
  return kept + mark;
}

/** Pads the text with blanks to `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/** Lines of at most `width` columns, broken between words; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A label, and a text that stays right of it, in lines as those of wrap. */
export function hang(label: string, text: string, width: number): string[] {
  const indent = displayWidth(label);
  return wrap(text, width - indent).map((line, index) => (index === 0 ? label : ' '.repeat(indent)) + line);
}
