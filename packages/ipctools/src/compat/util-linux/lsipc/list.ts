import type { Output } from '../output.js';
import { shown } from './encode.js';
import { headingOf, type Layout, type Table } from './formats.js';

type Measure = (text: string) => number;

/** The usual format: columns as wide as what is in them. */
export async function writeList<Entry>(table: Table<Entry>, layout: Layout, output: Output): Promise<void> {
  const { columns, cells, entries, look } = table;
  const headings = columns.map((column) => headingOf(column, layout));
  let measure: Measure = (text) => text.length;
  let found = widthsOf(table, layout.headings ? headings : [], measure);
  if (found.rows === 0) return;
  if (!found.ascii) {
    // Only these texts need to know how wide a character is.
    const { displayWidth } = await import('@timeq/cli-kit/text/width');
    measure = (text) => displayWidth(Buffer.from(text, 'latin1').toString('utf8'));
    found = widthsOf(table, layout.headings ? headings : [], measure);
  }
  const { widths } = found;
  if (!layout.whole) await cutWidths(table, widths, output);
  const last = columns.length - 1;
  const line = (textOf: (at: number) => string): void => {
    let text = '';
    for (let at = 0; at <= last; at++) {
      const { align, cut } = columns[at] ?? {};
      const width = widths[at] ?? 0;
      let cell = textOf(at);
      let room = width - measure(cell);
      if (room < 0 && cut) {
        cell = cutTo(cell, width, measure);
        room = width - measure(cell);
      }
      const blanks = room > 0 ? ' '.repeat(room) : '';
      // Nothing follows the last column, so there is nothing to align.
      if (align === 'right' && cell !== '') text += blanks + cell;
      else text += at === last ? cell : cell + blanks;
      if (at < last) text += ' ';
    }
    output.write(`${text}\n`);
  };
  if (layout.headings) line((at) => headings[at] ?? '');
  for (const entry of entries) line((at) => shown(cells[at]?.(entry, look) ?? ''));
}

function widthsOf<Entry>(
  { columns, cells, entries, look }: Table<Entry>,
  headings: readonly string[],
  measure: Measure,
): { widths: number[]; rows: number; ascii: boolean } {
  const widths = columns.map((_, at) => headings[at]?.length ?? 0);
  let rows = 0;
  let ascii = true;
  for (const entry of entries) {
    rows++;
    for (let at = 0; at < cells.length; at++) {
      const text = shown(cells[at]?.(entry, look) ?? '');
      const width = measure(text);
      if (width > (widths[at] ?? 0)) widths[at] = width;
      // Texts that are no number are few, and each is looked at once more only if it is long.
      if (ascii && /[\u0080-\u00ff]/.test(text)) ascii = false;
    }
  }
  return { widths, rows, ascii };
}

/** On a terminal, columns that may be cut get what the others leave of a line, and at least their heading. */
async function cutWidths<Entry>({ columns }: Table<Entry>, widths: number[], output: Output): Promise<void> {
  const at = columns.findIndex(({ cut }) => cut);
  if (at < 0 || !output.interactive) return;
  const { screenOf } = await import('@timeq/cli-kit/output/screen');
  const all = widths.reduce((sum, width) => sum + width + 1, -1);
  const over = all - screenOf().width;
  if (over > 0) widths[at] = Math.max(columns[at]?.name.length ?? 0, (widths[at] ?? 0) - over);
}

/** Whole characters, as many as there is room for. */
function cutTo(text: string, width: number, measure: Measure): string {
  let kept = '';
  for (const character of Buffer.from(text, 'latin1').toString('utf8')) {
    const more = kept + Buffer.from(character).toString('latin1');
    if (measure(more) > width) break;
    kept = more;
  }
  return kept;
}
