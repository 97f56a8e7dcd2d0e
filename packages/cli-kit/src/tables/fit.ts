import { escapeText } from '../text/escape.js';
import { displayWidth } from '../text/width.js';
import type { TextColumn } from './column.js';

/** What a column of text asks of a line. */
export interface ColumnWidth {
  /** What its widest cell (or its label) takes. */
  readonly natural: number;
  /** What it can be cut to; the natural width if it can't. */
  readonly least: number;
  /** The lowest is given up first. */
  readonly priority: number;
}

/** Blanks between two columns. */
export const GAP = 2;

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1);
}

/**
 * Fits columns into a line of `width`: cells are cut where that may be, then columns are given up, the lowest
 * priority first; the first column always stays. What still fits once a wider one is gone, comes back. Returns the
 * width of each column, undefined where it was given up.
 */
export function fitColumns(columns: readonly ColumnWidth[], width: number): (number | undefined)[] {
  const kept = new Set(columns);
  const givenUp: ColumnWidth[] = [];
  const least = (): number => lineWidth([...kept].map((column) => column.least));
  while (kept.size > 1 && least() > width) {
    const [, ...candidates] = kept;
    const lowest = candidates.reduce((low, column) => (column.priority <= low.priority ? column : low));
    kept.delete(lowest);
    givenUp.push(lowest);
  }
  for (const column of givenUp.toReversed()) {
    kept.add(column);
    if (least() > width) kept.delete(column);
  }
  // What is left over goes to the columns that were cut, from left to right.
  let spare = Math.max(0, width - least());
  return columns.map((column) => {
    if (!kept.has(column)) return undefined;
    const more = Math.min(spare, column.natural - column.least);
    spare -= more;
    return Math.min(column.least + more, width);
  });
}

/** A column and the width that it has in a table; Infinity where nothing stands behind it. */
export interface FittedColumn<Row> {
  readonly column: TextColumn<Row>;
  readonly width: number;
}

/** Fits the columns of a table into `width`. Returns also the labels of those that had to be given up. */
export function fitTable<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  { width, header }: { readonly width: number; readonly header: boolean },
): { readonly columns: readonly FittedColumn<Row>[]; readonly givenUp: readonly string[] } {
  // Where nothing is cut, the last column needs no width: nothing stands behind it.
  const end = columns.at(-1);
  const free = width === Infinity && end?.align !== 'right' ? end : undefined;
  const widths = fitColumns(
    columns.map((column) => {
      const label = header ? displayWidth(column.label) : 1;
      const natural = column === free ? label : Math.max(label, widest(rows, column));
      const least = Math.min(natural, Math.max(label, column.shrinksTo ?? natural));
      return { natural, least, priority: column.priority };
    }),
    width,
  );
  const fitted: FittedColumn<Row>[] = [];
  const givenUp: string[] = [];
  for (const [index, column] of columns.entries()) {
    const columnWidth = widths[index];
    if (columnWidth === undefined) givenUp.push(column.label);
    else fitted.push({ column, width: column === free ? Infinity : columnWidth });
  }
  return { columns: fitted, givenUp };
}

function widest<Row>(rows: readonly Row[], column: TextColumn<Row>): number {
  let width = 0;
  let above = '';
  for (const row of rows) {
    const text = column.text(row);
    if (text !== above) width = Math.max(width, displayWidth(escapeText(text)));
    above = text;
  }
  return width;
}
