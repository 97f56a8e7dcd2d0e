import type { Paint } from '../output/color.js';
import { note } from '../output/notes.js';
import type { Output } from '../output/output.js';
import { screenOf } from '../output/screen.js';
import { escapeText } from '../text/escape.js';
import { cut, wrap } from '../text/width.js';
import type { TextColumn } from './column.js';
import { fitTable, GAP, type FittedColumn } from './fit.js';
import { RULE, tableLines } from './lines.js';

/** cli-table3 takes time that grows faster than its rows: 0.06 s for 300, 47 s for 32,000. */
const MOST_DRAWN_ROWS = 300;

/**
 * Writes a table for people: drawn by cli-table3 on a terminal, up to some hundred rows; otherwise as a stream of lines
 * that look the same. Never wider than the screen; a line on standard error names the dropped columns.
 * @param rows are gone through twice
 * @param advice the next step about dropped columns
 * @param empty what a terminal shows of a table without rows; a pipe gets the labels, which scripts skip
 * @param whole cuts no cell, however wide the table gets
 * @throws ReaderGone, OutputFailure
 */
export async function writeTable<Row>(
  rows: Iterable<Row>,
  columns: readonly TextColumn<Row>[],
  output: Output,
  {
    header = true,
    advice = '',
    empty,
    whole = false,
  }: {
    readonly header?: boolean;
    readonly advice?: string;
    readonly empty?: string;
    readonly whole?: boolean;
  } = {},
): Promise<void> {
  const { isTerminal, paint, ...screen } = screenOf();
  const width = whole ? Infinity : screen.width;
  const { columns: fitted, dropped, rows: count } = fitTable(rows, columns, { width, header });
  if (count === 0 && header && isTerminal && empty !== undefined) {
    await output.write(`${wrap(empty, screen.width).join('\n')}\n`);
    return;
  }
  const drawn = isTerminal && !whole && count <= MOST_DRAWN_ROWS && (header || count > 0);
  if (drawn) {
    await output.write(await drawTable(rows, fitted, header, paint));
  } else {
    const lines = tableLines(fitted, paint);
    // In a pipe no rule, as of ps and lsipc: `tail -n +2` leaves the rows.
    if (header) await output.write(`${lines.head()}\n${isTerminal && !whole ? `${lines.rule()}\n` : ''}`);
    for (const row of rows) {
      const full = output.write(`${lines.row(row)}\n`);
      if (full) await full;
    }
  }
  if (dropped.length === 0) return;
  await output.flush();
  for (const line of wrap(`no room at ${width} columns: ${dropped.join(', ')}${advice}`, width))
    note(line, 'dim');
}

async function drawTable<Row>(
  rows: Iterable<Row>,
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
    colAligns: columns.map(({ column }) => column.align ?? 'left'),
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
