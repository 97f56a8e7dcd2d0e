import { plain, type Paint, type Style } from './color.js';
import { fitColumns, GAP } from './fit.js';
import { cut, displayWidth, pad } from './text.js';
import type { Output } from '../terminal/output.js';
import type { Screen } from '../terminal/screen.js';

/** A column of any table: its head, and how to get a cell's text from a row. */
export interface TextColumn<Row> {
  readonly label: string;
  readonly align: 'left' | 'right';
  readonly priority: number;
  readonly shrinksTo: number | undefined;
  text(row: Row): string;
  style?(row: Row): Style | undefined;
}

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

function fit<Row>(
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  width: number,
  header: boolean,
): Fit<Row> {
  const widths = fitColumns(
    columns.map((column) => {
      const label = header ? column.label.length : 1;
      let natural = label;
      for (const row of rows) natural = Math.max(natural, displayWidth(column.text(row)));
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
    else fitted.push({ column, width: columnWidth });
  }
  return { columns: fitted, givenUp };
}

function cellText<Row>(row: Row, { column, width }: FittedColumn<Row>): string {
  return cut(column.text(row), width);
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
    chars: { ...none, ...sides, mid: '─', 'mid-mid': '─'.repeat(GAP), middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: columns.map(({ column }) => column.align),
    colWidths: columns.map(({ width }) => width),
    head: header ? columns.map(({ column, width }) => paint('bold', cut(column.label, width))) : [],
  });
  for (const row of rows) {
    table.push(
      columns.map((column) => {
        const style = column.column.style?.(row);
        const text = cellText(row, column);
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
  const cell = (text: string, index: number, { column, width }: FittedColumn<Row>): string =>
    index === last && column.align === 'left' ? text : pad(text, width, column.align);
  if (header) {
    const labels = columns.map((column, index) =>
      cell(cut(column.column.label, column.width), index, column),
    );
    await output.write(`${paint('bold', labels.join(' '.repeat(GAP)))}\n`);
  }
  for (const row of rows) {
    let text = '';
    for (const [index, column] of columns.entries()) {
      if (index > 0) text += '  ';
      const style = paint === plain ? undefined : column.column.style?.(row);
      const padded = cell(cellText(row, column), index, column);
      text += style === undefined ? padded : paint(style, padded);
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
