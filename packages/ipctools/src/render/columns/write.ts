import { escapeText } from '@timeq/cli-kit/text/escape';
import type { Facts } from '../../model/facts.js';
import type { JsonObject } from '../../format/json.js';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { Output } from '@timeq/cli-kit/output/output';
import { bound } from './bound.js';
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

/** A table for people. Columns without any value are dropped first. */
export async function writeEntries<Entry>(
  entries: readonly Entry[],
  columns: readonly Column<Entry>[],
  facts: Facts,
  { header, empty, output }: { header: boolean; empty: string; output: Output },
): Promise<void> {
  const saysNothing = (column: Column<Entry>): boolean =>
    entries.length > 0 && entries.every((entry) => column.text(entry, facts) === UNKNOWN);
  const shown = columns.map((column) => ({
    ...bound(column, (entry: Entry) => ({ entry, facts })),
    ...(saysNothing(column) && { priority: -1 }),
  }));
  await writeTable(entries, shown, output, { header, empty, advice: ' (--columns chooses)' });
}
