import { GoneError, MessageQueue } from '@timeq/mq-native';
import type { Paint } from '@timeq/cli-kit/output/color';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { fitTable } from '@timeq/cli-kit/tables/fit';
import { tableLines } from '@timeq/cli-kit/tables/lines';
import { cut } from '@timeq/cli-kit/text/width';
import { asFailure } from '../../failure.js';
import { nameQueue } from '../../model/find-queue.js';
import { reportQueue, type QueueReport } from '../../model/queue-report.js';
import { formatFlow } from '../../watch/rates.js';
import type { Sampler } from '../../watch/sampler.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import { LABEL_COLUMNS, layLines, refusalLines } from '../show/facts-of-object.js';
import { describeQueue, messageColumns } from '../show/queue.js';
import { TYPE_COLUMNS } from '../type-table.js';
import { drawSparkline } from './sparkline.js';

/** How many messages are shown, and how many are looked at to count their types: at each sample. */
const SHOWN = 100;
const LOOKED_AT = 2000;

/** A queue that is looked at, or why it can't be. */
export type Look =
  { readonly queue: WatchedQueue; readonly report: QueueReport } | { readonly refusal: string };

/** Looks at a queue of the sampler's last sample; takes nothing from it. */
export function lookAt(queue: WatchedQueue, sampler: Sampler): Look {
  const { entry, facts } = queue;
  try {
    const report = sampler.inside(queue, () =>
      reportQueue(MessageQueue.fromId(entry.id), facts, SHOWN, LOOKED_AT),
    );
    return { queue, report };
  } catch (error) {
    if (error instanceof GoneError) return { refusal: goneSentence(queue) };
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    return { refusal: failure.message };
  }
}

export function goneSentence({ entry }: WatchedQueue): string {
  return `${nameQueue(entry)} is gone; Esc goes back to the list`;
}

function table<Row>(
  title: string,
  rows: readonly Row[],
  columns: readonly TextColumn<Row>[],
  width: number,
  paint: Paint,
): string[] {
  const lines = tableLines(fitTable(rows, columns, { width, header: true }).columns, paint);
  return ['', paint('bold', cut(title, width)), lines.head(), ...rows.map((row) => lines.row(row))];
}

function contentLines({ content, entry }: QueueReport, width: number, paint: Paint): string[] {
  if ('refusal' in content) return ['', ...refusalLines('messages', content.refusal, width)];
  if (content.seen === 0) return [];
  const part = content.seen < entry.messages ? ` of the first ${content.seen}` : '';
  const { types, first } = content;
  const messages = first.length < content.seen ? `First ${first.length} messages` : 'Messages';
  return [
    ...table(`Types${part}`, types, TYPE_COLUMNS, width, paint),
    ...table(messages, first, messageColumns('text'), width, paint),
  ];
}

/** The lines of a queue's own page: what `show` says, and the history. */
export function queueLines(look: Look, width: number, paint: Paint): string[] {
  if ('refusal' in look) return [cut(look.refusal, width)];
  const { report, queue } = look;
  const { history, facts, flows } = queue;
  const line = drawSparkline(history, Math.max(1, Math.min(history.length, width - LABEL_COLUMNS)));
  const highest = `${Math.max(...history)} messages at most in ${history.length} samples`;
  return [
    paint('bold', cut(nameQueue(report.entry), width)),
    ...layLines(
      [...describeQueue(report, facts), ...rateLine(flows), ['history', highest], ['', line]],
      width,
    ),
    ...contentLines(report, width, paint),
  ];
}

function rateLine(flows: WatchedQueue['flows']): [string, string][] {
  if (flows === undefined) return [];
  return [['rate', `${formatFlow(flows.in)} in, ${formatFlow(flows.out)} out (messages per second)`]];
}
