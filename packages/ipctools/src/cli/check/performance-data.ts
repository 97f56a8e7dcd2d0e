import { readBytes } from '@timeq/cli-kit/args/bytes';
import { readDuration } from '@timeq/cli-kit/args/duration';
import type { QueueEntry } from '@timeq/mq-native';
import type { Facts } from '../../model/facts.js';
import type { Condition } from '../../render/columns/filter.js';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { findColumn } from '../../render/columns/choose.js';
import type { Conditions } from './states.js';

interface Measure {
  readonly column: string;
  readonly unit: string;
  /** The number of a condition's word, in that unit. */
  readonly read: (word: string) => number;
  readonly most: (entry: QueueEntry) => number | undefined;
}

const MEASURES: readonly Measure[] = [
  { column: 'messages', unit: '', read: Number, most: ({ maxBytes }) => maxBytes },
  { column: 'bytes', unit: 'B', read: readBytes, most: ({ maxBytes }) => maxBytes },
  { column: 'full', unit: '%', read: (word) => Number(word.replace(/%$/, '')), most: () => 100 },
  { column: 'idle', unit: 's', read: (word) => readDuration(word) / 1000, most: () => undefined },
];

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

/** The measures of a queue, without unknown values: `U` is for the text. */
export function performanceOf(entry: QueueEntry, conditions: Conditions, facts: Facts): string[] {
  return MEASURES.flatMap(({ column: name, unit, read, most }) => {
    const column = findColumn(QUEUE_COLUMNS, name);
    if (!column.isKnown(entry, facts)) return [];
    const ranges = [conditions.warning, conditions.critical].map((all) => rangeOf(all, name, read));
    return [measured(name, column.raw(entry, facts), unit, ranges, most(entry))];
  });
}

/** A condition as a range of the plugins' contract: it alerts outside of the range, or inside with `@` in front. */
function rangeOf(
  all: readonly Condition<QueueEntry>[],
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
