import { usageFailure } from '../failure.js';
import type { Column } from './column.js';

/** The column of that name. @throws Failure naming those that exist */
export function findColumn<Entry>(columns: readonly Column<Entry>[], name: string): Column<Entry> {
  const found = columns.find((column) => column.name === name.toLowerCase());
  if (found !== undefined) return found;
  throw usageFailure(`no column '${name}'; there are ${columns.map((column) => column.name).join(', ')}`);
}

/**
 * The columns for `--columns LIST`: exactly those named, in that order; with `+NAME` those are added to the usual
 * ones; `all` is every column. Without a list, the usual ones.
 */
export function chooseColumns<Entry>(
  columns: readonly Column<Entry>[],
  list: string | undefined,
): Column<Entry>[] {
  const usual = columns.filter(({ priority }) => priority > 0);
  const words = (list ?? '').split(',').filter((word) => word !== '');
  if (list !== undefined && words.length === 0) throw usageFailure('--columns needs at least one name');
  const chosen = words.length === 0 || words[0]?.startsWith('+') ? usual : [];
  for (const word of words) {
    const added = word === 'all' ? columns : [findColumn(columns, word.replace(/^\+/, ''))];
    for (const column of added) if (!chosen.includes(column)) chosen.push(column);
  }
  return chosen;
}
