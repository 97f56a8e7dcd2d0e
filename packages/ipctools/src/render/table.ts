import { showsUnicode } from '@timeq/cli-kit/output/character-set';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { plain, type Paint, type Style } from '@timeq/cli-kit/output/color';
import { fitColumns, GAP } from './fit.js';
import { cut, displayWidth, pad } from '@timeq/cli-kit/text/width';
import type { Output } from '../cli/terminal/output.js';
import type { Screen } from '../cli/terminal/screen.js';

/** A column of any table: its head, and how to get a cell's text from a row. */
export interface TextColumn<Row> {
  readonly label: string;
  readonly align: 'left' | 'right';
  readonly priority: number;
  readonly shrinksTo: number | undefined;
  /** What every cell takes, if that is known without asking them all. */
  readonly width?: number;
  text(row: Row): string;
  style?(row: Row): Style | undefined;
}

/** What the line below the heads is made of. */
const RULE = showsUnicode() ? '─' : '-';

/** cli-table3 takes time that grows faster than its rows: 0.06 s for 300, 47 s for 32,000. */
const MOST_DRAWN_ROWS = 300;

interface FittedColumn<Row> {
  readonly column: TextColumn<Row>;
  readonly width: number;
}

interface Fit<Row> {
  readonly columns: readonly FittedColumn<Row>[];
  readonly givenUp: readonly string[];
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

function fit<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  width: number,
  header: boolean,
): Fit<Row> {
  // Where nothing is cut, the last column needs no width: nothing stands behind it.
  const end = columns.at(-1);
  const free = width === Infinity && end?.align === 'left' ? end : undefined;
  const widths = fitColumns(
    columns.map((column) => {
      const label = header ? column.label.length : 1;
      if (column === free) return { natural: label, least: label, priority: column.priority };
      const natural = Math.max(label, column.width ?? widest(rows, column));
      const least =
        column.shrinksTo === undefined ? natural : Math.max(label, Math.min(natural, column.shrinksTo));
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

async function drawTable<Row>(
  rows: readonly Row[],
  columns: readonly FittedColumn<Row>[],
  header: boolean,
  paint: Paint,
): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
  const sides = {
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    right: '',
    'right-mid': '',
  };
  const table = new Table({
    chars: { ...none, ...sides, mid: RULE, 'mid-mid': RULE.repeat(GAP), middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: columns.map(({ column }) => column.align),
    colWidths: columns.map(({ width }) => width),
    head: header ? columns.map(({ column, width }) => paint('bold', cut(column.label, width))) : [],
  });
  for (const row of rows) {
    table.push(
      columns.map(({ column, width }) => {
        const style = column.style?.(row);
        const text = cut(escapeText(column.text(row)), width);
        return style === undefined ? text : paint(style, text);
      }),
    );
  }
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

async function writePadded<Row>(
  rows: readonly Row[],
  columns: readonly FittedColumn<Row>[],
  header: boolean,
  paint: Paint,
  output: Output,
): Promise<void> {
  const last = columns.length - 1;
  // No blanks behind the last cell; they would only wrap, or end up in somebody's variable.
  const fill = (text: string, index: number, { column, width }: FittedColumn<Row>): string =>
    index === last && column.align === 'left' ? text : pad(text, width, column.align);
  if (header) {
    const labels = columns.map((column, index) =>
      fill(cut(column.column.label, column.width), index, column),
    );
    await output.write(`${paint('bold', labels.join(' '.repeat(GAP)))}\n`);
  }
  // In a long table most cells are as the one above.
  const above: { readonly text: string; readonly filled: string }[] = [];
  const cell = (text: string, index: number, column: FittedColumn<Row>): string => {
    const before = above[index];
    if (before !== undefined && before.text === text) return before.filled;
    const filled = fill(cut(escapeText(text), column.width), index, column);
    above[index] = { text, filled };
    return filled;
  };
  for (const row of rows) {
    let text = '';
    let index = 0;
    for (const column of columns) {
      if (index > 0) text += '  ';
      const style = paint === plain ? undefined : column.column.style?.(row);
      const filled = cell(column.column.text(row), index, column);
      text += style === undefined ? filled : paint(style, filled);
      index += 1;
    }
    const full = output.write(`${text.trimEnd()}\n`);
    if (full) await full;
  }
}

/**
 * Writes a table for people: drawn by cli-table3 on a terminal, up to some hundred rows; otherwise padded text, as a
 * stream. Never wider than the screen. Returns the labels of the columns that had to be given up.
 */
export async function writeTable<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  { header, screen, output }: { header: boolean; screen: Screen; output: Output },
): Promise<readonly string[]> {
  const fitted = fit(rows, columns, screen.width, header);
  const drawn = screen.isTerminal && rows.length <= MOST_DRAWN_ROWS && (header || rows.length > 0);
  if (drawn) await output.write(await drawTable(rows, fitted.columns, header, screen.paint));
  else await writePadded(rows, fitted.columns, header, screen.paint, output);
  return fitted.givenUp;
}
