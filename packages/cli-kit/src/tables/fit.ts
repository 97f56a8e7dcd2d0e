import { escapeText } from '../text/escape.js';
import { displayWidth, isPlain } from '../text/width.js';
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

/** A table whose columns fit into a line. */
export interface FittedTable<Row> {
  readonly columns: readonly FittedColumn<Row>[];
  /** The labels of the columns that found no room. */
  readonly dropped: readonly string[];
  /** How many rows it has. */
  readonly rows: number;
}

/** Fits the columns of a table into `width`. */
export function fitTable<Row>(
  rows: Iterable<Row>,
  columns: readonly TextColumn<Row>[],
  { width, header }: { readonly width: number; readonly header: boolean },
): FittedTable<Row> {
  // If nothing is cut, the last column needs no width: no column follows.
  const end = columns.at(-1);
  const free = width === Infinity && end?.align !== 'right' ? end : undefined;
  const measured = measure(rows, free === undefined ? columns : columns.slice(0, -1));
  const widths = fitColumns(
    columns.map((column, index) => {
      const label = header ? displayWidth(column.label) : 1;
      const natural = Math.max(label, measured.widths[index] ?? 0);
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
  return { columns: fitted, dropped, rows: measured.rows };
}

/** The widths of the widest cells. */
function measure<Row>(
  rows: Iterable<Row>,
  columns: readonly TextColumn<Row>[],
): { readonly widths: readonly number[]; readonly rows: number } {
  const widths = columns.map(() => 0);
  const above = columns.map(() => '');
  let count = 0;
  for (const row of rows) {
    count += 1;
    for (let index = 0; index < columns.length; index += 1) {
      const text = columns[index]?.text(row) ?? '';
      if (text === above[index]) continue;
      above[index] = text;
      const width = isPlain(text) ? text.length : displayWidth(escapeText(text));
      if (width > (widths[index] ?? 0)) widths[index] = width;
    }
  }
  return { widths, rows: count };
}
