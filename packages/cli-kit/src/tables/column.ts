import type { Style } from '../output/color.js';

/** A column of a table: its label, and how to get a cell's text from a row. */
export interface TextColumn<Row> {
  readonly label: string;
  /** Left by default. */
  readonly align?: 'left' | 'right';
  /** On a narrow terminal the column of the lowest priority is dropped first. */
  readonly priority: number;
  /** Cells may be cut to this many terminal columns before a column is dropped. */
  readonly shrinksTo?: number | undefined;
  text(row: Row): string;
  style?(row: Row): Style | undefined;
}
