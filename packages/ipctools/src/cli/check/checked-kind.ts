import { readBytes } from '@timeq/cli-kit/args/bytes';
import { readDuration } from '@timeq/cli-kit/args/duration';
import { formatKey, type QueueEntry } from '@timeq/mq-native';
import { survey } from '../../evidence/survey.js';
import type { Criteria } from '../../evidence/rules.js';
import type { Facts } from '../../model/facts.js';
import { namePosix, type PosixObject } from '../../model/posix/objects.js';
import { surveyPosix } from '../../posix/rules.js';
import type { Column } from '../../render/columns/column.js';
import { POSIX_COLUMNS } from '../../render/columns/posix.js';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { verdictColumn } from './verdict-column.js';

/** A column that is a measure. */
export interface Measure<Entry> {
  readonly column: string;
  readonly unit: string;
  /** The number of a condition's word, in that unit. */
  readonly read: (word: string) => number;
  readonly most: (entry: Entry, facts: Facts) => number | undefined;
}

/** What a check has to know of the objects that it checks. */
export interface CheckedKind<Entry> {
  /** The first word of the line of a plugin. */
  readonly title: string;
  /** All of them, in words and in JSON. */
  readonly plural: string;
  readonly columns: readonly Column<Entry>[];
  readonly verdicts: (criteria: Criteria) => Column<Entry>;
  readonly measures: readonly Measure<Entry>[];
  /** The columns that are told of an object without a problem. */
  readonly usual: readonly string[];
  readonly name: (entry: Entry) => string;
}

const readPercent = (word: string): number => Number(word.replace(/%$/, ''));
const readSeconds = (word: string): number => readDuration(word) / 1000;
const noLimit = (): undefined => undefined;

export const QUEUE_CHECK: CheckedKind<QueueEntry> = {
  title: 'QUEUES',
  plural: 'queues',
  columns: QUEUE_COLUMNS,
  verdicts: (criteria) =>
    verdictColumn((facts) => {
      const verdicts = new Map(
        survey(['queues'], criteria, facts).map(({ evidence: { object }, verdict }) => [
          object.entry.id,
          verdict,
        ]),
      );
      return ({ id }) => verdicts.get(id);
    }),
  measures: [
    { column: 'messages', unit: '', read: Number, most: ({ maxBytes }) => maxBytes },
    { column: 'bytes', unit: 'B', read: readBytes, most: ({ maxBytes }) => maxBytes },
    { column: 'full', unit: '%', read: readPercent, most: () => 100 },
    { column: 'idle', unit: 's', read: readSeconds, most: noLimit },
  ],
  usual: ['messages', 'full'],
  name: ({ key, id }) => (key === 0 ? `queue ${id}` : `queue ${formatKey(key)} (id ${id})`),
};

const mostMessages = (object: PosixObject, { posix }: Facts): number | undefined =>
  posix.queueOf(object)?.maxMessages;

export const POSIX_CHECK: CheckedKind<PosixObject> = {
  title: 'POSIX',
  plural: 'objects',
  columns: POSIX_COLUMNS,
  verdicts: (criteria) =>
    verdictColumn((facts) => {
      const verdicts = new Map(
        surveyPosix(criteria, facts).map(({ evidence: { object }, verdict }) => [object, verdict]),
      );
      return (object) => verdicts.get(object);
    }),
  measures: [
    { column: 'messages', unit: '', read: Number, most: mostMessages },
    { column: 'bytes', unit: 'B', read: readBytes, most: noLimit },
    { column: 'full', unit: '%', read: readPercent, most: () => 100 },
    { column: 'value', unit: '', read: Number, most: noLimit },
    { column: 'idle', unit: 's', read: readSeconds, most: noLimit },
  ],
  usual: ['bytes', 'messages', 'full', 'value'],
  name: namePosix,
};
