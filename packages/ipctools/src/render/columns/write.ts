import { escapeText } from '@timeq/cli-kit/text/escape';
import type { Facts } from '../../model/facts.js';
import type { JsonObject } from '../../format/json.js';
import { writeTable, type TextColumn } from '../table.js';
import type { Output } from '../../cli/terminal/output.js';
import type { Screen } from '../../cli/terminal/screen.js';
import { UNKNOWN, type Column } from './column.js';

function entryText<Entry>(entry: Entry, columns: readonly Column<Entry>[], facts: Facts): string {
  let text = '';
  for (const column of columns) text += `${text === '' ? '{' : ','}${column.json(entry, facts)}`;
  return `${text}}`;
}

/** Everything that the columns tell of each entry, as texts of JSON objects, made one at a time. */
export function* jsonTexts<Entry>(
  entries: Iterable<Entry>,
  columns: readonly Column<Entry>[],
  facts: Facts,
): Generator<string> {
  for (const entry of entries) yield entryText(entry, columns, facts);
}

/** Everything that the columns tell of one entry, as an object for JSON. */
export function jsonEntry<Entry>(entry: Entry, columns: readonly Column<Entry>[], facts: Facts): JsonObject {
  return JSON.parse(entryText(entry, columns, facts)) as JsonObject;
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
      `${columns.map((column) => escapeText(column.raw(entry, facts))).join('\t')}\n`,
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
  const givesUpAt = (column: Column<Entry>): number => {
    const saysNothing = entries.length > 0 && entries.every((entry) => column.text(entry, facts) === UNKNOWN);
    return saysNothing ? -1 : column.priority;
  };
  const bound = columns.map((column): TextColumn<Entry> => {
    const { label, align, shrinksTo } = column;
    return {
      label,
      align,
      priority: givesUpAt(column),
      shrinksTo,
      text: (entry) => column.text(entry, facts),
      style: (entry) => column.style(entry, facts),
    };
  });
  return writeTable(entries, bound, to);
}
