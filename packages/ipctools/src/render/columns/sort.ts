import type { Facts } from '../../model/facts.js';
import { findColumn } from './choose.js';
import type { Column } from './column.js';

/** Sorts by `--sort LIST`: columns in order of weight, each ascending, or descending with a `-` before its name. */
export function sortEntries<Entry>(
  entries: Entry[],
  list: string,
  columns: readonly Column<Entry>[],
  facts: Facts,
): void {
  const words = list.split(',').filter((word) => word !== '');
  const steps = words.map((word) => ({ column: findColumn(columns, word.replace(/^[-+]/, '')), word }));
  // Sorting is stable: the weightiest column comes last.
  for (const { column, word } of steps.toReversed()) column.sort(entries, facts, word.startsWith('-'));
}
