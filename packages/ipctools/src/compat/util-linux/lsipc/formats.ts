import type { Output } from '../output.js';
import type { Cell, Column } from './column.js';
import { json, quoted, word } from './encode.js';
import type { Look } from './look.js';

/** What is written, in one of the formats. */
export interface Table<Entry> {
  /** The name of the list in JSON. */
  readonly list: string;
  readonly columns: readonly Column[];
  /** For each column; undefined where this kind has none. */
  readonly cells: readonly (Cell<Entry> | undefined)[];
  /** May be gone through twice. */
  readonly entries: Iterable<Entry>;
  readonly look: Look;
}

export interface Layout {
  readonly headings: boolean;
  /** Names of columns that a shell takes for variables. */
  readonly shell: boolean;
  /** Cut nothing. */
  readonly whole: boolean;
}

export type Write = <Entry>(table: Table<Entry>, layout: Layout, output: Output) => void | Promise<void>;

export function headingOf({ name }: Column, { shell }: Layout): string {
  return shell ? name.replace('%', '_PCT') : name;
}

/** `-r`: words and blanks. Nothing is aligned. */
export const writeRaw: Write = ({ columns, cells, entries, look }, layout, output) => {
  let headings = layout.headings;
  for (const entry of entries) {
    if (headings) output.write(`${columns.map((column) => word(headingOf(column, layout))).join(' ')}\n`);
    headings = false;
    output.write(`${cells.map((cell) => word(cell?.(entry, look) ?? '')).join(' ')}\n`);
  }
};

/** `-e`, and `-n`, which separates the pairs by newlines: `KEY="value"`. */
export function writePairs(separator: ' ' | '\n'): Write {
  return ({ columns, cells, entries, look }, layout, output) => {
    const names = columns.map((column) => `${headingOf(column, layout)}=`);
    for (const entry of entries) {
      const pairs = cells.map((cell, index) => `${names[index]}${quoted(cell?.(entry, look) ?? '')}`);
      output.write(`${pairs.join(separator)}\n`);
    }
  };
}

/** `-J`. Every value is a string, or null. */
export const writeJson: Write = ({ list, columns, cells, entries, look }, layout, output) => {
  const names = columns.map(
    (column, index) => `${index === 0 ? '' : ','}\n         "${headingOf(column, layout).toLowerCase()}": `,
  );
  output.write(`{\n   "${list}": [`);
  let between = '\n      {';
  for (const entry of entries) {
    let object = between;
    for (let at = 0; at < names.length; at++) object += names[at] + json(cells[at]?.(entry, look));
    output.write(`${object}\n      }`);
    between = ',{';
  }
  output.write(between === ',{' ? '\n   ]\n}\n' : '\n\n   ]\n}\n');
};
