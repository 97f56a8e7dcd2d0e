import type { Output } from '../output.js';
import type { Column } from './column.js';
import { shown } from './encode.js';
import type { Layout, Table } from './formats.js';
import { writeList } from './list.js';
import type { Look } from './look.js';

/** Where the values begin, and how wide they are at least. */
const LABEL_WIDTH = 36;
const VALUE_WIDTH = 36;

/** `-i` and `-N`: one object, one line for each value that it has. */
export function writeDetails<Entry>(
  { columns, cells, entries, look }: Table<Entry>,
  _layout: Layout,
  output: Output,
): void {
  for (const entry of entries) {
    columns.forEach(({ label }, at) => {
      const value = cells[at]?.(entry, look);
      if (value === undefined) return;
      output.write(`${`${label}:`.padEnd(LABEL_WIDTH)}${shown(value).padEnd(VALUE_WIDTH)}\n`);
    });
  }
}

const ELEMENTS: readonly Column[] = ['SEMNUM', 'VALUE', 'NCOUNT', 'ZCOUNT', 'PID', 'COMMAND'].map((name) => ({
  name,
  help: '',
  label: '',
  align: 'right',
}));

/** The semaphores of the set that {@link writeDetails} showed. */
export async function writeElements(
  rows: readonly (readonly number[])[],
  look: Look,
  layout: Layout,
  output: Output,
): Promise<void> {
  output.write('Elements:\n\n');
  const table: Table<readonly number[]> = {
    list: 'elements',
    columns: ELEMENTS,
    cells: ELEMENTS.map(({ name }, at) =>
      name === 'COMMAND' ? (row) => look.command(row[at - 1] ?? 0) : (row) => String(row[at]),
    ),
    entries: rows,
    look,
  };
  await writeList(table, { ...layout, headings: true }, output);
}
