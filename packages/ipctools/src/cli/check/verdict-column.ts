import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { VERDICTS, type Verdict } from '../../evidence/rules.js';
import type { Facts } from '../../model/facts.js';
import { column, type Column } from '../../render/columns/column.js';

/** A column of verdicts, as `ipctools stale` gives them. @param judge judges all objects, when the first is asked for */
export function verdictColumn<Entry>(
  judge: (facts: Facts) => (entry: Entry) => Verdict | undefined,
): Column<Entry> {
  let verdictOf: ReturnType<typeof judge> | undefined;
  return column<Entry, Verdict>({
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
          throw new UsageError(`'${word}' is not a verdict; the verdicts are ${VERDICTS.join(', ')}`);
        }
        return { equals: (value) => value === word };
      },
    },
    field: 'verdict',
    priority: 0,
    value: (entry, facts) => (verdictOf ??= judge(facts))(entry),
  });
}
