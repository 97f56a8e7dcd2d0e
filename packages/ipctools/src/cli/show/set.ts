import { jsonText } from '@timeq/cli-kit/text/escape';
import type { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { SemaphoreEntry } from '@timeq/mq-native';
import type { JsonObject } from '../../format/json.js';
import type { Facts } from '../../model/facts.js';
import { nameObject } from '../../model/ipc-object.js';
import { reportSet, type ReportedSemaphore, type SetReport } from './set-report.js';
import { UNKNOWN } from '../../render/columns/column.js';
import { SEMAPHORE_COLUMNS } from '../../render/columns/semaphores.js';
import { jsonEntry } from '../../render/columns/write.js';
import {
  describeOwners,
  describeTime,
  labelled,
  MAY_BE_MORE,
  nameProcess,
  processJson,
  refusalLines,
  writeLines,
  type LabelledLine,
} from './facts-of-object.js';

function describe(report: SetReport, facts: Facts): LabelledLine[] {
  const { entry, readings, semaphores, waiters, waitersKnown } = report;
  const others = waitersKnown ? [] : [MAY_BE_MORE];
  return [
    ...describeOwners(entry, facts),
    ['operated', describeTime(entry.operateTime, facts)],
    ['changed', describeTime(entry.changeTime, facts)],
    ...labelled('reads as', readings, 'refusal' in semaphores ? UNKNOWN : "none of Timeq's kinds"),
    ...labelled('waiting', [...waiters.map(nameProcess), ...others], 'no process'),
  ];
}

const COLUMNS: readonly TextColumn<ReportedSemaphore>[] = [
  { label: 'SEMAPHORE', align: 'right', priority: 5, text: ({ number }) => String(number) },
  { label: 'VALUE', align: 'right', priority: 4, text: ({ value }) => String(value) },
  {
    label: 'WAIT-INCREASE',
    align: 'right',
    priority: 3,
    text: ({ waitingForIncrease }) => String(waitingForIncrease),
  },
  { label: 'WAIT-ZERO', align: 'right', priority: 2, text: ({ waitingForZero }) => String(waitingForZero) },
  { label: 'LAST', priority: 1, shrinksTo: 12, text: ({ last }) => nameProcess(last) },
];

function toJson({ entry, semaphores, readings, waiters, waitersKnown }: SetReport, facts: Facts): JsonObject {
  const refused = 'refusal' in semaphores;
  return {
    ...jsonEntry(entry, SEMAPHORE_COLUMNS, facts),
    readings,
    semaphores: refused
      ? null
      : semaphores.map(({ last, ...semaphore }) => ({ ...semaphore, last: processJson(last) })),
    waitingProcesses: waiters.map(processJson),
    waitingKnown: waitersKnown,
    refusal: refused ? semaphores.refusal : null,
  };
}

export async function showSet(
  entry: SemaphoreEntry,
  json: boolean,
  facts: Facts,
  output: Output,
): Promise<void> {
  const report = reportSet(entry, facts);
  if (json) {
    await output.write(`${jsonText({ semaphoreSet: toJson(report, facts) }, 2)}\n`);
    return;
  }
  const screen = screenOf();
  const { semaphores } = report;
  await writeLines(nameObject({ kind: 'semaphore set', entry }), describe(report, facts), screen, output);
  await output.write('\n');
  if ('refusal' in semaphores)
    await output.write(`${refusalLines('semaphores', semaphores.refusal, screen.width).join('\n')}\n`);
  else await writeTable(semaphores, COLUMNS, output);
}
