import { showsUnicode } from '../text/character-set.js';
import { plain, type Paint } from '../output/color.js';
import { escapeText } from '../text/escape.js';
import { cut, isPlain, pad } from '../text/width.js';
import { GAP, type FittedColumn } from './fit.js';

/** What the line below the heads is made of. */
export const RULE = showsUnicode() ? '─' : '-';

/** Writes a table line by line. */
interface TableLines<Row> {
  head(): string;
  rule(): string;
  row(row: Row): string;
}

export function tableLines<Row>(columns: readonly FittedColumn<Row>[], paint: Paint): TableLines<Row> {
  const gap = ' '.repeat(GAP);
  // No blanks after the last cell; they would only wrap, or end up in a script's variable.
  const fill = (text: string, index: number, { column, width }: FittedColumn<Row>): string =>
    index === columns.length - 1 && column.align !== 'right'
      ? text
      : pad(text, width, column.align ?? 'left');
  // In a long table most cells are as the one above.
  const above: { readonly text: string; readonly filled: string }[] = [];
  const cell = (text: string, index: number, column: FittedColumn<Row>): string => {
    const before = above[index];
    if (before !== undefined && before.text === text) return before.filled;
    const fits = isPlain(text) && text.length <= column.width;
    const filled = fill(fits ? text : cut(escapeText(text), column.width), index, column);
    above[index] = { text, filled };
    return filled;
  };
  return {
    head: () =>
      paint(
        'bold',
        columns.map((each, index) => fill(cut(each.column.label, each.width), index, each)).join(gap),
      ),
    rule: () =>
      RULE.repeat(columns.reduce((sum, { width }) => sum + width, 0) + GAP * Math.max(0, columns.length - 1)),
    row: (row) =>
      columns
        .map((each, index) => {
          const style = paint === plain ? undefined : each.column.style?.(row);
          const filled = cell(each.column.text(row), index, each);
          return style === undefined ? filled : paint(style, filled);
        })
        .join(gap)
        .trimEnd(),
  };
}
