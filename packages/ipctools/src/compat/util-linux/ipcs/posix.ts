import { escapeText } from '@timeq/cli-kit/text/escape';
import {
  MessageQueue,
  SemaphoreSet,
  SharedMemory,
  type QueueEntry,
  type SegmentEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import { ctime, formatLocalTime } from '@timeq/mq-native/libc';
import { Owners } from '../../../model/owners.js';
import { findBlockedThreads, type BlockedThreads } from '../../../processes/blocked.js';
import { bytewise, type Output } from '../output.js';
import { codeOf } from '../../../failure.js';
import type { KindName } from '../../../model/kind-names.js';
import type { Entry } from './table.js';

/** Where the numbers come from, in the first line: what the systems say that have had this layout all along. */
const SOURCE = '<running system>';

/** Options that add columns; `''`: always there. */
type ColumnSet = '' | 'b' | 'c' | 'o' | 'p' | 't';

interface Context {
  readonly owners: Owners;
  readonly blocked: BlockedThreads;
}

interface Column<E> {
  readonly heading: string;
  readonly set: ColumnSet;
  readonly cell: (entry: E, context: Context) => string | number;
}

/**
 * The layout of POSIX.1-2024 (XCU, ipcs): what the XSI option of the standard says, in its order and formats.
 * @param sets the letters of the options given, of which `b`, `c`, `o`, `p` and `t` add columns
 */
export function showPosixReports(kinds: readonly KindName[], sets: string, output: Output): void {
  const context: Context = {
    owners: new Owners(),
    blocked: kinds.includes('queues')
      ? findBlockedThreads()
      : { byQueue: new Map(), complete: true, partial: false, unseen: [] },
  };
  output.write(`IPC status from ${SOURCE} as of ${date()}\n`);
  for (const kind of kinds) REPORTS[kind](sets, context, output);
}

const REPORTS: Readonly<Record<KindName, (sets: string, context: Context, output: Output) => void>> = {
  queues: (sets, context, output) =>
    showReport(
      'Message Queue',
      'Message Queues',
      () => MessageQueue.list(),
      QUEUE_COLUMNS,
      sets,
      context,
      output,
    ),
  segments: (sets, context, output) =>
    showReport(
      'Shared Memory',
      'Shared Memory',
      () => SharedMemory.list(),
      SEGMENT_COLUMNS,
      sets,
      context,
      output,
    ),
  semaphores: (sets, context, output) =>
    showReport('Semaphore', 'Semaphores', () => SemaphoreSet.list(), SET_COLUMNS, sets, context, output),
};

function showReport<E extends Entry>(
  facility: string,
  title: string,
  list: () => readonly E[],
  allColumns: readonly Column<E>[],
  sets: string,
  context: Context,
  output: Output,
): void {
  let entries: readonly E[];
  try {
    entries = list();
  } catch (error) {
    if (codeOf(error) !== 'ENOSYS') throw error;
    output.write(`${facility} facility not in system.\n`);
    return;
  }
  const columns = allColumns.filter((column) => sets.includes(column.set));
  const rows = entries.map((entry) => columns.map((column) => String(column.cell(entry, context))));
  const widths = columns.map((column, index) =>
    rows.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), column.heading.length),
  );
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join(' ')
      .trimEnd()}\n`;
  output.write(line(columns.map((column) => column.heading)));
  output.write(`${title}:\n`);
  for (const row of rows) output.write(line(row));
}

function commonColumns(
  letter: 'q' | 'm' | 's',
  mode: (entry: Entry, context: Context) => string,
): readonly Column<Entry & { readonly key: number }>[] {
  return [
    { heading: 'T', set: '', cell: () => letter },
    { heading: 'ID', set: '', cell: (entry) => entry.id },
    { heading: 'KEY', set: '', cell: (entry) => `0x${entry.key.toString(16)}` },
    { heading: 'MODE', set: '', cell: mode },
    { heading: 'OWNER', set: '', cell: (entry, { owners }) => bytewise(escapeText(owners.user(entry.uid))) },
    { heading: 'GROUP', set: '', cell: (entry, { owners }) => bytewise(escapeText(owners.group(entry.gid))) },
    {
      heading: 'CREATOR',
      set: 'c',
      cell: (entry, { owners }) => bytewise(escapeText(owners.user(entry.creatorUid))),
    },
    {
      heading: 'CGROUP',
      set: 'c',
      cell: (entry, { owners }) => bytewise(escapeText(owners.group(entry.creatorGid))),
    },
  ];
}

const QUEUE_COLUMNS: readonly Column<QueueEntry>[] = [
  ...commonColumns('q', (queue, { blocked }) => {
    const threads = blocked.byQueue.get(queue.id) ?? [];
    const sends = threads.some((thread) => thread.call === 'msgsnd');
    const receives = threads.some((thread) => thread.call === 'msgrcv');
    return `${sends ? 'S' : '-'}${receives ? 'R' : '-'}${permissions(queue.mode, 'w')}`;
  }),
  { heading: 'CBYTES', set: 'o', cell: (queue) => queue.bytes },
  { heading: 'QNUM', set: 'o', cell: (queue) => queue.messages },
  { heading: 'QBYTES', set: 'b', cell: (queue) => queue.maxBytes ?? '?' },
  { heading: 'LSPID', set: 'p', cell: (queue) => queue.lastSendPid },
  { heading: 'LRPID', set: 'p', cell: (queue) => queue.lastReceivePid },
  { heading: 'STIME', set: 't', cell: (queue) => timeOfDay(queue.sendTime) },
  { heading: 'RTIME', set: 't', cell: (queue) => timeOfDay(queue.receiveTime) },
  { heading: 'CTIME', set: 't', cell: (queue) => timeOfDay(queue.changeTime) },
];

const SEGMENT_COLUMNS: readonly Column<SegmentEntry>[] = [
  ...commonColumns('m', (segment) => `--${permissions(segment.mode, 'w')}`),
  { heading: 'NATTCH', set: 'o', cell: (segment) => segment.attachments },
  { heading: 'SEGSZ', set: 'b', cell: (segment) => segment.bytes },
  { heading: 'CPID', set: 'p', cell: (segment) => segment.creatorPid },
  { heading: 'LPID', set: 'p', cell: (segment) => segment.lastPid },
  { heading: 'ATIME', set: 't', cell: (segment) => timeOfDay(segment.attachTime) },
  { heading: 'DTIME', set: 't', cell: (segment) => timeOfDay(segment.detachTime) },
  { heading: 'CTIME', set: 't', cell: (segment) => timeOfDay(segment.changeTime) },
];

const SET_COLUMNS: readonly Column<SemaphoreEntry>[] = [
  ...commonColumns('s', (set) => `--${permissions(set.mode, 'a')}`),
  { heading: 'NSEMS', set: 'b', cell: (set) => set.count },
  { heading: 'OTIME', set: 't', cell: (set) => timeOfDay(set.operateTime) },
  { heading: 'CTIME', set: 't', cell: (set) => timeOfDay(set.changeTime) },
];

/** Nine characters, the third of each class always `-`, and a blank: nothing but these bits decides on access. */
function permissions(mode: number, change: 'w' | 'a'): string {
  const classes = [mode >> 6, mode >> 3, mode];
  return `${classes.map((bits) => `${bits & 4 ? 'r' : '-'}${bits & 2 ? change : '-'}-`).join('')} `;
}

/** What date(1) writes in the POSIX locale, as the standard has it. Only the C library knows the zone's abbreviation. */
function date(): string {
  return formatLocalTime(Math.floor(Date.now() / 1000), '%a %b %e %H:%M:%S %Z %Y');
}

/** `9:09:00`. */
function timeOfDay(time: number): string {
  return time === 0 ? ' no-entry' : ctime(time).slice(11, 19).replace(/^0/, '');
}
