import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { QueueEntry } from '@timeq/mq-native';
import { survey } from '../../evidence/survey.js';
import { VERDICTS, type Criteria, type Verdict } from '../../evidence/rules.js';
import type { Facts } from '../../model/facts.js';
import { column, type Column } from '../../render/columns/column.js';

/** A column of verdicts, as `ipctools stale` gives them. All queues are judged when the first is asked for. */
export function verdictColumn(criteria: Criteria): Column<QueueEntry> {
  let verdicts: ReadonlyMap<number, Verdict> | undefined;
  const verdictOf = ({ id }: QueueEntry, facts: Facts): Verdict | undefined => {
    verdicts ??= new Map(
      survey(['queues'], criteria, facts).map(({ evidence, verdict }) => [evidence.object.entry.id, verdict]),
    );
    return verdicts.get(id);
  };
  return column<QueueEntry, Verdict>({
    name: 'verdict',
    help: 'live, idle, stale or unknown, as `ipctools stale` judges',
    kind: {
      literal: 'a verdict: stale',
      align: 'left',
      text: String,
      raw: String,
      json: (field, value) => `"${field}":${value === undefined ? 'null' : `"${value}"`}`,
      compare: (one, other) => VERDICTS.indexOf(one) - VERDICTS.indexOf(other),
      parse: (word) => {
        if (!VERDICTS.some((verdict) => verdict === word)) {
          throw new UsageError(`'${word}' is no verdict; the verdicts are ${VERDICTS.join(', ')}`);
        }
        return { equals: (value) => value === word };
      },
    },
    field: 'verdict',
    priority: 0,
    value: verdictOf,
  });
}
