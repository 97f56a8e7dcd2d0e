import { escapeText } from '../text/escape.js';
import { displayWidth } from '../text/width.js';
import type { TextColumn } from './column.js';

interface ColumnWidth {
  /** The width of its widest cell, or of its label. */
  readonly natural: number;
  /** The width to which it can be cut; the natural width if it can't. */
  readonly least: number;
  /** The lowest is dropped first. */
  readonly priority: number;
}

/** Blanks between two columns. */
export const GAP = 2;

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP * Math.max(0, widths.length - 1);
}

/**
 * Fits columns into a line of `width`: it cuts cells where that is allowed, then drops columns, the lowest priority
 * first; the first column always stays. A dropped column returns if it fits once a wider one is gone. Returns the width
 * of each column, undefined if it was dropped.
 */
export function fitColumns(columns: readonly ColumnWidth[], width: number): (number | undefined)[] {
  const kept = new Set(columns);
  const dropped: ColumnWidth[] = [];
  const least = (): number => lineWidth([...kept].map((column) => column.least));
  while (kept.size > 1 && least() > width) {
    const [, ...candidates] = kept;
    const lowest = candidates.reduce((low, column) => (column.priority <= low.priority ? column : low));
    kept.delete(lowest);
    dropped.push(lowest);
  }
  for (const column of dropped.toReversed()) {
    kept.add(column);
    if (least() > width) kept.delete(column);
  }
  // The remaining width goes to the columns that were cut, from left to right.
  let spare = Math.max(0, width - least());
  return columns.map((column) => {
    if (!kept.has(column)) return undefined;
    const more = Math.min(spare, column.natural - column.least);
    spare -= more;
    return Math.min(column.least + more, width);
  });
}

/** A column and its width in a table; Infinity if no column follows. */
export interface FittedColumn<Row> {
  readonly column: TextColumn<Row>;
  readonly width: number;
}

/** Fits the columns of a table into `width`. Returns also the labels of dropped ones. */
export function fitTable<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  { width, header }: { readonly width: number; readonly header: boolean },
): { readonly columns: readonly FittedColumn<Row>[]; readonly dropped: readonly string[] } {
  // If nothing is cut, the last column needs no width: no column follows.
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
  const dropped: string[] = [];
  for (const [index, column] of columns.entries()) {
    const columnWidth = widths[index];
    if (columnWidth === undefined) dropped.push(column.label);
    else fitted.push({ column, width: column === free ? Infinity : columnWidth });
  }
  return { columns: fitted, dropped };
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
