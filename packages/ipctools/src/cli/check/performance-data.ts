import type { Facts } from '../../model/facts.js';
import { findColumn } from '../../render/columns/choose.js';
import type { Condition } from '../../render/columns/filter.js';
import type { CheckedKind } from './checked-kind.js';
import type { Conditions } from './states.js';

/** One measure as plugins print it: `'bytes'=13434B;13107;15565;0;16384`. Unknown values and missing thresholds are empty. */
export function measured(
  label: string,
  value: string,
  unit: string,
  [warning, critical]: readonly (string | undefined)[] = [],
  most?: number,
): string {
  return `'${label}'=${value}${unit};${warning ?? ''};${critical ?? ''};0;${most ?? ''}`.replace(/;+$/, '');
}

/** What the text of a measure is where an object of its kind has none. */
export const NONE = '-';

/** The measures of an object, without unknown values: `U` is for the text. */
export function performanceOf<Entry>(
  { columns, measures }: CheckedKind<Entry>,
  entry: Entry,
  conditions: Conditions<Entry>,
  facts: Facts,
): string[] {
  return measures.flatMap(({ column: name, unit, read, most }) => {
    const column = findColumn(columns, name);
    if (!column.isKnown(entry, facts)) return [];
    const value = column.raw(entry, facts);
    if (value === NONE) return [];
    const ranges = [conditions.warning, conditions.critical].map((all) => rangeOf(all, name, read));
    return [measured(name, value, unit, ranges, most(entry, facts))];
  });
}

/** A condition as a range of the plugins' contract: it alerts outside of the range, or inside with `@` in front. */
function rangeOf<Entry>(
  all: readonly Condition<Entry>[],
  name: string,
  read: (word: string) => number,
): string | undefined {
  for (const { column, operator, word } of all) {
    if (column.name !== name) continue;
    const limit = read(word);
    if (operator === '>') return `~:${limit}`;
    if (operator === '>=') return `@${limit}:`;
    if (operator === '<') return `${limit}:`;
    if (operator === '<=') return `@~:${limit}`;
  }
  return undefined;
}
