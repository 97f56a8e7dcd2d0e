import { escapeText } from '@timeq/cli-kit/text/escape';
import type { QueueView, ShownMessage, ShownProcess } from '@timeq/console/wire';
import type { Message, MessageQueue } from '@timeq/mq-native';
import { EvidenceGatherer } from '../../evidence/gather.js';
import { judge } from '../../evidence/judgement.js';
import type { Criteria } from '../../evidence/rules.js';
import { formatCount } from '../../format/count.js';
import type { Facts } from '../../model/facts.js';
import { reportQueue } from '../../model/queue-report.js';
import type { ReportedProcess } from '../../model/reported-process.js';
import type { BlockedThread } from '../../processes/blocked.js';
import { previewBody } from '../../render/body-format.js';
import { formatProcess } from '../../render/columns/kinds.js';
import { rowOf } from './rows.js';

/** How many messages the page shows, and how many it looks at to count their types. */
const SHOWN = 100;
const LOOKED_AT = 2000;

/** How much of a body it shows, in bytes. */
const SHOWN_BYTES = 1024;

function showMessage({ type, body }: Message): ShownMessage {
  const text = previewBody(body.subarray(0, SHOWN_BYTES));
  return {
    type: String(type),
    bytes: body.length,
    text,
    ...(body.length > SHOWN_BYTES && { cut: true as const }),
  };
}

function showProcess(what: string, time: number, process: ReportedProcess): ShownProcess {
  if (process.state === 'never') return { what, who: '', time };
  if (process.state === 'elsewhere') return { what, who: 'a process of another pid namespace', time };
  const { commandLine } = process;
  const who = formatProcess(process);
  return { what, who: escapeText(commandLine === undefined ? who : `${who}: ${commandLine}`), time };
}

function describeThread({ pid, call, type, except, bytes }: BlockedThread, { processes }: Facts): string {
  const name = `${pid} ${processes.live(pid)?.name ?? ''}`.trim();
  if (call === 'msgsnd')
    return escapeText(`${name} waits for room to send ${formatCount(bytes ?? 0, 'byte')}`);
  if (type === undefined || type === 0n) return escapeText(`${name} waits for a message`);
  return escapeText(`${name} waits for ${except === true ? 'any type but' : 'type'} ${type}`);
}

/** Everything about a queue. Takes nothing from it. @throws GoneError, IpcError */
export function viewQueue(queue: MessageQueue, facts: Facts, criteria: Criteria): Omit<QueueView, 'hour'> {
  const report = reportQueue(queue, facts, SHOWN, LOOKED_AT);
  const { entry, content } = report;
  const judgement = judge(new EvidenceGatherer(facts).gather({ kind: 'queue', entry }), criteria);
  const waiting = report.waiting?.map((thread) => describeThread(thread, facts));
  const { verdict, proven, rule, reasons, next } = judgement;
  return {
    time: Date.now(),
    row: rowOf(entry, facts, judgement),
    group: escapeText(facts.owners.group(entry.gid)),
    creator: escapeText(facts.owners.user(entry.creatorUid)),
    maxMessageBytes: report.maxMessageBytes,
    changedAt: entry.changeTime,
    sender: showProcess('last sender', entry.sendTime, report.lastSender),
    receiver: showProcess('last receiver', entry.receiveTime, report.lastReceiver),
    ...(waiting !== undefined && { waiting }),
    judgement: {
      verdict,
      proven,
      rule,
      reasons: reasons.map(escapeText),
      ...(next !== undefined && { next: escapeText(next) }),
    },
    ...('refusal' in content
      ? { types: [], messages: [], seen: 0, refusal: escapeText(content.refusal) }
      : {
          types: content.types.map((each) => ({ ...each, type: String(each.type) })),
          messages: content.first.map(showMessage),
          seen: content.seen,
        }),
  };
}
