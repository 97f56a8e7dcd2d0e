import { formatKey } from '@timeq/mq-native';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import * as kinds from '../../render/columns/kinds.js';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { fullness } from '../../model/queue-state.js';
import { UNKNOWN } from '../../render/columns/column.js';
import { jsonEntry } from '../../render/columns/write.js';
import type { Facts } from '../../model/facts.js';
import { formatCount } from '../../format/count.js';
import { exactNumber, type JsonObject } from '../../format/json.js';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { formatBody, guessFormat, type BodyFormat } from '../../render/body-format.js';
import { messageToJson } from '../../messages/json-line.js';
import type { QueueContent } from '../../model/queue-content.js';
import type { BlockedThread } from '../../processes/blocked.js';
import { TYPE_COLUMNS } from '../type-table.js';
import { reportQueue, type QueueReport } from '../../model/queue-report.js';
import { nameQueue, openTarget, type QueueTarget } from '../../model/find-queue.js';
import {
  describeOwners,
  describeProcess,
  describeTime,
  labelled,
  processJson,
  refusalLines,
  writeLines,
  type LabelledLine,
} from './facts-of-object.js';
import type { Output } from '@timeq/cli-kit/output/output';
import { screenOf, type Screen } from '@timeq/cli-kit/output/screen';

const FIRST_MESSAGES = 10;

function describeThread(thread: BlockedThread, { processes }: Facts): string {
  const { pid, tid, call, type, except, bytes } = thread;
  const name = `${pid} ${escapeText(processes.live(pid)?.name ?? '')}`.trim();
  const which = tid === pid ? name : `${name} (thread ${tid})`;
  if (call === 'msgsnd') return `S ${which} sends ${formatCount(bytes ?? 0, 'byte')}`;
  if (type === undefined) return `R ${which} receives`;
  if (type === 0n) return `R ${which} receives any type`;
  return `R ${which} receives ${except ? 'any type but' : 'type'} ${type}`;
}

/** The lines above the tables, each with its label. */
export function describeQueue(report: QueueReport, facts: Facts): LabelledLine[] {
  const { entry, lastSender, lastReceiver, waiting } = report;
  const full = fullness(entry);
  const limit = entry.maxBytes === undefined ? UNKNOWN : `${entry.maxBytes} bytes`;
  const threads = waiting?.map((thread) => describeThread(thread, facts)) ?? [UNKNOWN];
  return [
    ...describeOwners(entry, facts),
    ['messages', String(entry.messages)],
    ['bytes', `${entry.bytes} of ${limit} (${full === undefined ? UNKNOWN : kinds.percent.text(full)} full)`],
    ['largest', `${report.maxMessageBytes} bytes in one message (msgmax)`],
    ['sent', `${describeTime(entry.sendTime, facts)} ${describeProcess(lastSender)}`.trim()],
    ['received', `${describeTime(entry.receiveTime, facts)} ${describeProcess(lastReceiver)}`.trim()],
    ['changed', describeTime(entry.changeTime, facts)],
    ...report.bridges.map(({ direction, segment }): [string, string] => [
      'bridge',
      direction === 'move'
        ? `ipctools move, with its message in segment ${segment}`
        : `${direction}, with its slots in segment ${segment} (see \`timeq-bridge status ${formatKey(entry.key)}\`)`,
    ]),
    ...labelled('waiting', threads, 'no thread'),
  ];
}

type FirstMessage = QueueContent['first'][number];

/** The format of bodies in the table. */
export type ShownFormat = Exclude<BodyFormat, 'json'>;

export const messageColumns = (format: ShownFormat): readonly TextColumn<FirstMessage>[] => [
  { label: 'TYPE', align: 'right', priority: 3, text: ({ type }) => String(type) },
  {
    label: 'BYTES',
    align: 'right',
    priority: 1,
    text: ({ body }) => String(body.length),
  },
  { label: 'BODY', priority: 2, shrinksTo: 10, text: ({ body }) => formatBody(body, format) },
];

async function writeContent(
  report: QueueReport,
  format: ShownFormat,
  screen: Screen,
  output: Output,
): Promise<void> {
  const { content, entry } = report;
  if ('refusal' in content) {
    await output.write(`\n${refusalLines('messages', content.refusal, screen.width).join('\n')}\n`);
    return;
  }
  if (content.seen === 0) return;
  const part = content.seen < entry.messages ? ` of the first ${content.seen}` : '';
  await output.write(`\n${screen.paint('bold', `Types${part}`)}\n`);
  await writeTable(content.types, TYPE_COLUMNS, output);
  const count = content.first.length;
  await output.write(
    `\n${screen.paint('bold', count < content.seen ? `First ${count} messages` : 'Messages')}\n`,
  );
  await writeTable(content.first, messageColumns(format), output, { whole: format !== 'text' });
  const guess = format === 'text' ? guessFormat(content.first.map(({ body }) => body)) : undefined;
  if (guess !== undefined) await output.write(`(${guess})\n`);
}

function reportJson(report: QueueReport, facts: Facts): JsonObject {
  const { entry, lastSender, lastReceiver, content, maxMessageBytes } = report;
  const known = 'refusal' in content ? undefined : content;
  return {
    ...jsonEntry(entry, QUEUE_COLUMNS, facts),
    lastSender: processJson(lastSender),
    lastReceiver: processJson(lastReceiver),
    maxMessageBytes,
    bridges: report.bridges.map(({ direction, segment }) => ({ direction, segment })),
    types:
      known?.types.map(({ type, messages, bytes }) => ({ type: exactNumber(type), messages, bytes })) ?? null,
    firstMessages: known?.first.map(messageToJson) ?? null,
    refusal: 'refusal' in content ? content.refusal : null,
  };
}

/** Shows everything about a queue. */
export async function showQueue(
  target: QueueTarget,
  how: 'json' | ShownFormat,
  facts: Facts,
  output: Output,
): Promise<void> {
  const report = reportQueue(openTarget(target), facts, FIRST_MESSAGES);
  if (how === 'json') {
    await output.write(`${jsonText({ queue: reportJson(report, facts) }, 2)}\n`);
    return;
  }
  const screen = screenOf();
  const name = nameQueue(report.entry);
  const title = report.entry.key === 0 ? `${name}, private` : name;
  await writeLines(title, describeQueue(report, facts), screen, output);
  await writeContent(report, how, screen, output);
}
