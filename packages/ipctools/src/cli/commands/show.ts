import { formatMode } from '@timeq/mq-native';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { cut, pad } from '@timeq/cli-kit/text/width';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import * as kinds from '../../render/columns/kinds.js';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { fullness } from '../../model/queue-state.js';
import { UNKNOWN } from '../../render/columns/column.js';
import { jsonEntry } from '../../render/columns/write.js';
import { Facts } from '../../model/facts.js';
import { formatCount } from '../../format/count.js';
import { exactNumber, type JsonObject } from '../../format/json.js';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { formatDuration, formatLocal } from '../../format/time.js';
import { previewBody } from '../../render/body-format.js';
import { messageToJson } from '../../messages/json-line.js';
import type { QueueContent, TypeCount } from '../../model/queue-content.js';
import { acrossNamespaces, type NamespaceOptions } from '../across-namespaces.js';
import type { BlockedThread } from '../../processes/blocked.js';
import { reportQueue, type QueueReport, type ReportedProcess } from '../../model/queue-report.js';
import { findTarget, nameQueue, openTarget, type QueueTarget } from '../../model/find-queue.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf, type Screen } from '@timeq/cli-kit/output/screen';

const FIRST_MESSAGES = 10;

function describeTime(time: number, { now }: Facts): string {
  return time === 0 ? 'never' : `${formatLocal(time)} (${formatDuration(now - time)} ago)`;
}

function describeProcess(process: ReportedProcess): string {
  const { state, commandLine } = process;
  if (state === 'never') return '';
  if (state === 'elsewhere') return 'by a process of another pid namespace';
  return `by ${kinds.formatProcess(process)}${commandLine === undefined ? '' : `: ${escapeText(commandLine)}`}`;
}

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
function describe(report: QueueReport, facts: Facts): [label: string, text: string][] {
  const { entry, lastSender, lastReceiver, waiting } = report;
  const { owners } = facts;
  const full = fullness(entry);
  const limit = entry.maxBytes === undefined ? UNKNOWN : `${entry.maxBytes} bytes`;
  const threads = waiting?.map((thread) => describeThread(thread, facts)) ?? [UNKNOWN];
  return [
    ['owner', `${owners.user(entry.uid)}, group ${owners.group(entry.gid)}, mode ${formatMode(entry.mode)}`],
    ['creator', `${owners.user(entry.creatorUid)}, group ${owners.group(entry.creatorGid)}`],
    ['messages', String(entry.messages)],
    ['bytes', `${entry.bytes} of ${limit} (${full === undefined ? UNKNOWN : kinds.percent.text(full)} full)`],
    ['largest', `${report.maxMessageBytes} bytes in one message (msgmax)`],
    ['sent', `${describeTime(entry.sendTime, facts)} ${describeProcess(lastSender)}`.trim()],
    ['received', `${describeTime(entry.receiveTime, facts)} ${describeProcess(lastReceiver)}`.trim()],
    ['changed', describeTime(entry.changeTime, facts)],
    ...(threads.length === 0 ? ['no thread'] : threads).map((text, index): [string, string] => [
      index === 0 ? 'waiting' : '',
      text,
    ]),
  ];
}

const TYPE_COLUMNS: readonly TextColumn<TypeCount>[] = [
  { label: 'TYPE', align: 'right', priority: 3, text: ({ type }) => String(type) },
  {
    label: 'MESSAGES',
    align: 'right',
    priority: 2,
    text: ({ messages }) => String(messages),
  },
  { label: 'BYTES', align: 'right', priority: 1, text: ({ bytes }) => String(bytes) },
];

type FirstMessage = QueueContent['first'][number];

const MESSAGE_COLUMNS: readonly TextColumn<FirstMessage>[] = [
  { label: 'TYPE', align: 'right', priority: 3, text: ({ type }) => String(type) },
  {
    label: 'BYTES',
    align: 'right',
    priority: 1,
    text: ({ body }) => String(body.length),
  },
  { label: 'BODY', priority: 2, shrinksTo: 10, text: ({ body }) => previewBody(body) },
];

async function writeContent(report: QueueReport, screen: Screen, output: Output): Promise<void> {
  const { content, entry } = report;
  if ('refusal' in content) {
    await output.write(`\n${cut(`messages: ${UNKNOWN} (${content.refusal})`, screen.width)}\n`);
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
  await writeTable(content.first, MESSAGE_COLUMNS, output);
}

function processJson({ pid, state, name, commandLine }: ReportedProcess): JsonObject {
  return { pid, state, name: name ?? null, commandLine: commandLine ?? null };
}

function reportJson(report: QueueReport, facts: Facts): JsonObject {
  const { entry, lastSender, lastReceiver, content, maxMessageBytes } = report;
  const known = 'refusal' in content ? undefined : content;
  return {
    ...jsonEntry(entry, QUEUE_COLUMNS, facts),
    lastSender: processJson(lastSender),
    lastReceiver: processJson(lastReceiver),
    maxMessageBytes,
    types:
      known?.types.map(({ type, messages, bytes }) => ({ type: exactNumber(type), messages, bytes })) ?? null,
    firstMessages: known?.first.map(messageToJson) ?? null,
    refusal: 'refusal' in content ? content.refusal : null,
  };
}

async function showOne(target: QueueTarget, json: boolean, facts: Facts, output: Output): Promise<number> {
  const report = reportQueue(openTarget(target), facts, FIRST_MESSAGES);
  if (json) {
    await output.write(`${jsonText({ queue: reportJson(report, facts) }, 2)}\n`);
    await output.flush();
    return EXIT.done;
  }
  const screen = screenOf();
  const name = nameQueue(report.entry);
  await output.write(`${screen.paint('bold', report.entry.key === 0 ? `${name}, private` : name)}\n`);
  for (const [label, text] of describe(report, facts)) {
    await output.write(`${cut(`${pad(label, 10, 'left')}${escapeText(text)}`, screen.width)}\n`);
  }
  await writeContent(report, screen, output);
  await output.flush();
  return EXIT.done;
}

export function run(
  words: readonly string[],
  options: TargetOptions & NamespaceOptions & { readonly json?: true },
): Promise<number> {
  const target = onlyTarget(words, options);
  const output = new Output();
  return acrossNamespaces(
    options,
    'show',
    output,
    (found) =>
      showOne(target, options.json === true, new Facts({ namespace: found?.namespace.link }), output),
    () => findTarget(target) !== undefined,
  );
}
