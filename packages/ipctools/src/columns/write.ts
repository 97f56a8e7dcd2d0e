import type { Facts } from '../facts.js';
import type { JsonObject } from '../format/json.js';
import { writeTable, type TextColumn } from '../format/table.js';
import { escapeControls } from '../format/text.js';
import type { Output } from '../terminal/output.js';
import type { Screen } from '../terminal/screen.js';
import type { Column } from './column.js';

/** Everything that the columns tell of each entry, as JSON objects, made one at a time. */
export function* jsonEntries<Entry>(
  entries: Iterable<Entry>,
  columns: readonly Column<Entry>[],
  facts: Facts,
): Generator<JsonObject> {
  for (const entry of entries) {
    const object: JsonObject = {};
    for (const column of columns) column.json(object, entry, facts);
    yield object;
  }
}

/** Lines for scripts: exact values with a tab between them. */
export async function writeRaw<Entry>(
  entries: Iterable<Entry>,
  columns: readonly Column<Entry>[],
  facts: Facts,
  { header, output }: { header: boolean; output: Output },
): Promise<void> {
  if (header) await output.write(`${columns.map(({ label }) => label).join('\t')}\n`);
  for (const entry of entries) {
    const full = output.write(
      `${columns.map((column) => escapeControls(column.raw(entry, facts))).join('\t')}\n`,
    );
    if (full) await full;
  }
}

/** A table for people. Returns the labels of the columns that the screen had no room for. */
export function writeEntries<Entry>(
  entries: readonly Entry[],
  columns: readonly Column<Entry>[],
  facts: Facts,
  to: { header: boolean; screen: Screen; output: Output },
): Promise<readonly string[]> {
  const bound = columns.map((column): TextColumn<Entry> => {
    const { label, align, priority, shrinksTo } = column;
    return {
      label,
      align,
      // A column that was asked for by name is the last to go.
      priority: priority === 0 ? Infinity : priority,
      shrinksTo,
      text: (entry) => column.text(entry, facts),
      style: (entry) => column.style(entry, facts),
    };
  });
  return writeTable(entries, bound, to);
}
