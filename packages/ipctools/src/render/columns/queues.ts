import type { Style } from '@timeq/cli-kit/output/color';
import type { KnownProcess, Processes, QueueEntry } from '@timeq/mq-native';
import { fullness, idleSeconds, waitingIn } from '../../model/queue-state.js';
import { column, type Column } from './column.js';
import * as kinds from './kinds.js';
import { furtherColumns, leadingColumns } from './shared.js';

/** Yellow from 80 %, red when full. */
export function fullnessStyle(percent: number): Style | undefined {
  if (percent >= 100) return 'red';
  return percent >= 80 ? 'yellow' : undefined;
}

function processStyle({ state }: KnownProcess): Style | undefined {
  return state === 'dead' || state === 'ended' ? 'dim' : undefined;
}

/** What `look` finds of the last sender; '' if that is not alive. */
function ofLivingSender(
  { lastSendPid, sendTime }: QueueEntry,
  processes: Processes,
  look: (pid: number) => string | undefined,
): string {
  const { state, pid } = processes.find(lastSendPid, sendTime);
  return state === 'alive' ? (look(pid) ?? '') : '';
}

/** The columns of `list queues`, in the order in which they are shown. */
export const QUEUE_COLUMNS: readonly Column<QueueEntry>[] = [
  ...leadingColumns<QueueEntry>(),
  column({
    name: 'messages',
    help: 'messages in the queue',
    kind: kinds.integer,
    field: 'messages',
    priority: 98,
    value: ({ messages }) => messages,
  }),
  column({
    name: 'bytes',
    help: 'bytes in the queue, bodies only',
    kind: kinds.bytes,
    field: 'bytes',
    priority: 97,
    value: ({ bytes }) => bytes,
  }),
  column({
    name: 'full',
    help: 'bytes or messages, whichever is more, as a share of the limit',
    kind: kinds.percent,
    field: 'fullPercent',
    priority: 96,
    value: fullness,
    style: fullnessStyle,
  }),
  column({
    name: 'waiting',
    help: 'S: a sender is blocked, R: a receiver',
    kind: kinds.waiting,
    field: 'waiting',
    priority: 94,
    value: waitingIn,
    style: (threads) => (kinds.formatWaiting(threads).startsWith('S') ? 'yellow' : undefined),
  }),
  column({
    name: 'last-sender',
    help: 'the process that sent last: pid and script or name, or dead',
    kind: kinds.process,
    field: 'lastSender',
    priority: 70,
    shrinksTo: 11,
    value: ({ lastSendPid, sendTime }, { processes }) =>
      kinds.listed(processes.find(lastSendPid, sendTime), processes),
    style: processStyle,
  }),
  column({
    name: 'last-receiver',
    help: 'the process that received last: pid and script or name, or ended (its process may live)',
    kind: kinds.process,
    field: 'lastReceiver',
    priority: 60,
    shrinksTo: 13,
    value: (entry, { processes }) => kinds.listed(processes.lastReceiver(entry), processes),
    style: processStyle,
  }),
  column({
    name: 'idle',
    help: 'time since the last send, receive or change',
    kind: kinds.duration,
    field: 'idleSeconds',
    priority: 95,
    value: (entry, { now }) => idleSeconds(entry, now),
  }),
  column({
    name: 'program',
    help: 'what the last sender runs: the script of an interpreter, and its arguments',
    kind: kinds.words,
    field: 'program',
    priority: 0,
    shrinksTo: 15,
    value: (entry, { processes }) => ofLivingSender(entry, processes, (pid) => processes.program(pid)),
  }),
  column({
    name: 'unit',
    help: 'the container or systemd unit of the last sender',
    kind: kinds.words,
    field: 'unit',
    priority: 0,
    shrinksTo: 12,
    value: (entry, { processes }) => ofLivingSender(entry, processes, (pid) => processes.unit(pid)),
  }),
  column({
    name: 'limit',
    help: 'how many bytes, and how many messages, it takes',
    kind: kinds.bytes,
    field: 'maxBytes',
    priority: 0,
    value: ({ maxBytes }) => maxBytes,
  }),
  column({
    name: 'sent',
    help: 'time of the last send',
    kind: kinds.time,
    field: 'sendTime',
    priority: 0,
    value: ({ sendTime }) => sendTime,
  }),
  column({
    name: 'received',
    help: 'time of the last receive',
    kind: kinds.time,
    field: 'receiveTime',
    priority: 0,
    value: ({ receiveTime }) => receiveTime,
  }),
  ...furtherColumns<QueueEntry>(),
];
