import { didYouMean } from '@timeq/cli-kit/args/did-you-mean';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { Column } from './column.js';

/** The column of that name. @throws UsageError naming those that exist */
export function findColumn<Entry>(columns: readonly Column<Entry>[], name: string): Column<Entry> {
  const found = columns.find((column) => column.name === name.toLowerCase());
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  throw new UsageError(`unknown column '${name}'${didYouMean(name, names)}; use one of ${names.join(', ')}`);
}

/** The priority of columns that were asked for by name: above all others, and the first of a list the highest. */
const ASKED_FOR = 1000;

/**
 * The columns for `--columns LIST`: exactly those named, in that order; with `+NAME` those are added to the usual
 * ones; `all` is every column, `usual` the usual ones. Without a list, the usual ones.
 */
export function chooseColumns<Entry>(
  columns: readonly Column<Entry>[],
  list: string | undefined,
): Column<Entry>[] {
  const usual = columns.filter(({ priority }) => priority > 0);
  const words = (list ?? '').split(',').filter((word) => word !== '');
  if (list !== undefined && words.length === 0) throw new UsageError('--columns needs at least one name');
  const chosen = new Map<string, Column<Entry>>();
  if (words.length === 0 || words[0]?.startsWith('+'))
    for (const column of usual) chosen.set(column.name, column);
  for (const word of words) {
    if (word === 'all' || word === 'usual') {
      for (const column of word === 'all' ? columns : usual)
        if (!chosen.has(column.name)) chosen.set(column.name, column);
    } else {
      const column = findColumn(columns, word.replace(/^\+/, ''));
      chosen.set(column.name, { ...column, priority: ASKED_FOR - chosen.size });
    }
  }
  return [...chosen.values()];
}
