import type { Style } from '../output/color.js';

/** A column of a table: its head, and how to get a cell's text from a row. */
export interface TextColumn<Row> {
  readonly label: string;
  /** To the left, unless given. */
  readonly align?: 'left' | 'right';
  /** The column of the lowest priority is given up first where the terminal is too narrow. */
  readonly priority: number;
  /** Cells may be cut to this many columns of the terminal before a column is given up. */
  readonly shrinksTo?: number | undefined;
  text(row: Row): string;
  style?(row: Row): Style | undefined;
}
