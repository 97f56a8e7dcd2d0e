import type { Style } from '@timeq/cli-kit/output/color';
import type { Facts } from '../model/facts.js';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { formatDuration } from '../format/time.js';
import { objectColumns } from './object-columns.js';
import type { Judgement } from '../evidence/judgement.js';
import type { Verdict } from '../evidence/rules.js';

const STYLES: Readonly<Record<Verdict, Style | undefined>> = {
  stale: 'red',
  unknown: 'yellow',
  idle: undefined,
  live: 'dim',
};

/** `stale`, or `stale, proven`: for the other verdicts, proof changes nothing. */
export function formatVerdict({ verdict, proven }: Judgement): string {
  return verdict === 'stale' && proven ? 'stale, proven' : verdict;
}

/** The columns of `stale`. */
export function judgementColumns(facts: Facts): TextColumn<Judgement>[] {
  return [
    {
      label: 'VERDICT',
      priority: 7,
      text: formatVerdict,
      style: ({ verdict }) => STYLES[verdict],
    },
    ...objectColumns<Judgement>(({ evidence }) => evidence.object, facts),
    {
      label: 'IDLE',
      align: 'right',
      priority: 1,
      text: ({ evidence }) => formatDuration(evidence.idleSeconds),
    },
    {
      label: 'REASONS',
      priority: 3,
      shrinksTo: 20,
      text: ({ reasons }) => reasons.join('; '),
    },
  ];
}
