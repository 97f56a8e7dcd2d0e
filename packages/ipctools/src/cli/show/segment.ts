import { jsonText } from '@timeq/cli-kit/text/escape';
import type { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';
import type { SegmentEntry } from '@timeq/mq-native';
import { formatCount } from '../../format/count.js';
import type { JsonObject } from '../../format/json.js';
import type { Facts } from '../../model/facts.js';
import { nameObject } from '../../model/ipc-object.js';
import { reportSegment, type SegmentReport } from './segment-report.js';
import { UNKNOWN } from '../../render/columns/column.js';
import { SEGMENT_COLUMNS } from '../../render/columns/segments.js';
import { jsonEntry } from '../../render/columns/write.js';
import {
  describeOwners,
  describeProcess,
  describeTime,
  labelled,
  MAY_BE_MORE,
  nameProcess,
  processJson,
  writeLines,
  type LabelledLine,
} from './facts-of-object.js';

function state({ dest, locked, attachments }: SegmentEntry): string {
  const words = [
    ...(dest ? [`removed; it goes with the last of ${formatCount(attachments, 'attachment')}`] : []),
    ...(locked ? ['locked in memory'] : []),
  ];
  return words.join(', ') || 'neither removed nor locked in memory';
}

function describe(report: SegmentReport, facts: Facts): LabelledLine[] {
  const { entry, creator, last, attached, attachedKnown, residentBytes, swappedBytes } = report;
  const others = attachedKnown ? [] : [MAY_BE_MORE];
  return [
    ...describeOwners(entry, facts),
    ['made', describeProcess(creator) || UNKNOWN],
    ['bytes', `${entry.bytes} (${residentBytes ?? UNKNOWN} in memory, ${swappedBytes ?? UNKNOWN} in swap)`],
    ['state', state(entry)],
    ['last', describeProcess(last) || 'no process has attached it'],
    ['attached', describeTime(entry.attachTime, facts)],
    ['detached', describeTime(entry.detachTime, facts)],
    ['changed', describeTime(entry.changeTime, facts)],
    ['count', formatCount(entry.attachments, 'attachment')],
    ...labelled('by', [...attached.map(nameProcess), ...others], 'no process'),
  ];
}

function toJson(report: SegmentReport, facts: Facts): JsonObject {
  const { entry, creator, last, attached } = report;
  return {
    ...jsonEntry(entry, SEGMENT_COLUMNS, facts),
    creatorProcess: processJson(creator),
    lastProcess: processJson(last),
    attachedProcesses: attached.map(processJson),
  };
}

export async function showSegment(
  entry: SegmentEntry,
  json: boolean,
  facts: Facts,
  output: Output,
): Promise<void> {
  const report = reportSegment(entry, facts);
  if (json) await output.write(`${jsonText({ segment: toJson(report, facts) }, 2)}\n`);
  else {
    await writeLines(nameObject({ kind: 'segment', entry }), describe(report, facts), screenOf(), output);
  }
}
