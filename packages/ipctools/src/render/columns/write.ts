import { escapeText } from '@timeq/cli-kit/text/escape';
import type { Facts } from '../../model/facts.js';
import type { JsonObject } from '../../format/json.js';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { Output } from '@timeq/cli-kit/output/output';
import { UNKNOWN, type Column } from './column.js';

/** Everything that the columns tell of one entry, as the text of a JSON object. */
function entryJson<Entry>(entry: Entry, columns: readonly Column<Entry>[], facts: Facts): string {
  return `{${columns.map((column) => column.json(entry, facts)).join(',')}}`;
}

/** Everything that the columns tell of each entry, as texts of JSON objects, made one at a time. */
export function* jsonTexts<Entry>(
  entries: Iterable<Entry>,
  columns: readonly Column<Entry>[],
  facts: Facts,
): Generator<string> {
  for (const entry of entries) yield entryJson(entry, columns, facts);
}

/** Everything that the columns tell of one entry, as an object for JSON. */
export function jsonEntry<Entry>(entry: Entry, columns: readonly Column<Entry>[], facts: Facts): JsonObject {
  return JSON.parse(entryJson(entry, columns, facts)) as JsonObject;
}

/** Lines for scripts: exact values, separated by tabs. */
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

/** A table for people. Columns without any value are dropped first. @param entries are gone through several times */
export async function writeEntries<Entry>(
  entries: Iterable<Entry>,
  columns: readonly Column<Entry>[],
  facts: Facts,
  { header, empty, output }: { header: boolean; empty: string; output: Output },
): Promise<void> {
  const saysNothing = (column: Column<Entry>): boolean => {
    let text: string | undefined;
    for (const entry of entries) {
      text = column.text(entry, facts);
      if (text !== UNKNOWN) return false;
    }
    return text !== undefined;
  };
  const shown = columns.map((column) => ({
    label: column.label,
    align: column.align,
    priority: saysNothing(column) ? -1 : column.priority,
    shrinksTo: column.shrinksTo,
    text: (entry: Entry) => column.text(entry, facts),
    style: (entry: Entry) => column.style(entry, facts),
  }));
  await writeTable(entries, shown, output, { header, empty, advice: ' (--columns chooses)' });
}
