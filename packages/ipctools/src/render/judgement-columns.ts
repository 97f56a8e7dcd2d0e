import type { Style } from '@timeq/cli-kit/output/color';
import type { Facts } from '../model/facts.js';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { formatDuration } from '../format/time.js';
import { formatBytes } from './bytes.js';
import { objectColumns } from './object-columns.js';
import type { Judgement } from '../evidence/judgement.js';
import type { Verdict } from '../evidence/rules.js';

export const VERDICT_STYLES: Readonly<Record<Verdict, Style | undefined>> = {
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
      style: ({ verdict }) => VERDICT_STYLES[verdict],
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

/** Why, in a few words. */
function shortReason({ proven, evidence }: Judgement): string {
  if (proven) return 'proven: its server died';
  if (evidence.ownerProcesses === 0) return 'unused, its owner has no process';
  return evidence.processes.some(({ state }) => state === 'dead') ? 'unused, its users are dead' : 'unused';
}

function heldBytes({ evidence: { object } }: Judgement): string {
  return object.kind === 'semaphore set' ? '-' : formatBytes(object.entry.bytes);
}

/** The columns of the list from which `clean` lets choose. */
export function choiceColumns(facts: Facts): TextColumn<Judgement>[] {
  return [
    ...objectColumns<Judgement>(({ evidence }) => evidence.object, facts),
    {
      label: 'IDLE',
      align: 'right',
      priority: 3,
      text: ({ evidence }) => formatDuration(evidence.idleSeconds),
    },
    { label: 'BYTES', align: 'right', priority: 1, text: heldBytes },
    { label: 'REASON', priority: 7, shrinksTo: 8, text: shortReason },
  ];
}
