import type { Facts } from '../../model/facts.js';
import type { PosixObject, QueueContents, SemaphoreContents } from '../../model/posix/objects.js';
import { column, type Column } from './column.js';
import * as kinds from './kinds.js';
import { fullnessStyle } from './queues.js';
import { groupColumn, ownerColumns } from './shared.js';

function usersOf(object: PosixObject, { posix, processes, now }: Facts): kinds.FoundProcesses {
  const { users } = posix;
  return {
    found: users.of(object).map((pid) => kinds.listed(processes.find(pid, now), processes)),
    complete: users.complete,
  };
}

/** A part of what a queue takes and holds; null for other objects. */
function ofQueue(part: (contents: QueueContents) => number | undefined) {
  return (object: PosixObject, { posix }: Facts): number | null | undefined => {
    if (object.kind !== 'posix queue') return null;
    const contents = posix.queueOf(object);
    return contents && part(contents);
  };
}

function ofSemaphore(part: keyof SemaphoreContents) {
  return (object: PosixObject, { posix }: Facts): number | null | undefined =>
    object.kind === 'posix semaphore' ? posix.semaphoreOf(object)?.[part] : null;
}

const count = kinds.optional(kinds.integer);
const size = kinds.optional(kinds.bytes);

/** The columns of `list posix`, in the order in which they are shown. */
export const POSIX_COLUMNS: readonly Column<PosixObject>[] = [
  column({
    name: 'kind',
    help: 'posix queue, posix memory or posix semaphore',
    kind: kinds.words,
    field: 'kind',
    priority: 85,
    value: ({ kind }) => kind,
  }),
  column({
    name: 'name',
    help: 'the name, as mq_open, shm_open and sem_open take it',
    kind: kinds.words,
    field: 'name',
    priority: 100,
    shrinksTo: 20,
    value: ({ name }) => name,
  }),
  ...ownerColumns<PosixObject>(),
  column({
    name: 'bytes',
    help: 'bytes in a queue, bodies only; otherwise its size',
    kind: kinds.bytes,
    field: 'bytes',
    priority: 97,
    value: (object, { posix }) =>
      object.kind === 'posix queue' ? posix.queueOf(object)?.bytes : object.size,
  }),
  column({
    name: 'messages',
    help: 'messages in a queue',
    kind: count,
    field: 'messages',
    priority: 98,
    value: ofQueue(({ messages }) => messages),
  }),
  column({
    name: 'full',
    help: 'messages in a queue as a share of the most that it takes',
    kind: kinds.optional(kinds.percent),
    field: 'fullPercent',
    priority: 96,
    value: ofQueue(({ messages, maxMessages }) => (messages / maxMessages) * 100),
    style: (percent) => (percent === null ? undefined : fullnessStyle(percent)),
  }),
  column({
    name: 'value',
    help: 'the value of a semaphore (of 64-bit glibc)',
    kind: count,
    field: 'value',
    priority: 95,
    value: ofSemaphore('value'),
  }),
  column({
    name: 'processes',
    help: "the processes that have it open or mapped; ?: and others that can't be inspected",
    kind: kinds.processes,
    field: 'processes',
    priority: 94,
    shrinksTo: 12,
    value: usersOf,
  }),
  column({
    name: 'idle',
    help: 'time since the last use that the kernel recorded; writes to mapped memory leave no time',
    kind: kinds.duration,
    field: 'idleSeconds',
    priority: 93,
    value: ({ useTime }, { now }) => Math.max(0, now - useTime),
  }),
  groupColumn<PosixObject>(),
  column({
    name: 'max-messages',
    help: 'the most messages that a queue takes',
    kind: count,
    field: 'maxMessages',
    priority: 0,
    value: ofQueue(({ maxMessages }) => maxMessages),
  }),
  column({
    name: 'max-message-bytes',
    help: 'the most bytes in one message of a queue',
    kind: size,
    field: 'maxMessageBytes',
    priority: 0,
    value: ofQueue(({ maxMessageBytes }) => maxMessageBytes),
  }),
  column({
    name: 'notifies',
    help: 'the process that a queue notifies of its next message; 0 for none',
    kind: count,
    field: 'notifiedPid',
    priority: 0,
    value: ofQueue(({ notifies }) => notifies),
  }),
  column({
    name: 'waiting',
    help: 'threads that wait for a semaphore',
    kind: count,
    field: 'waiting',
    priority: 0,
    value: ofSemaphore('waiting'),
  }),
  column({
    name: 'allocated',
    help: 'bytes of memory that it takes: less than its size if it has holes',
    kind: size,
    field: 'allocatedBytes',
    priority: 0,
    value: ({ kind, allocated }) => (kind === 'posix queue' ? null : allocated),
  }),
  column({
    name: 'modified',
    help: 'the last send or receive; otherwise the last write that the kernel saw',
    kind: kinds.time,
    field: 'modifyTime',
    priority: 0,
    value: ({ modifyTime }) => modifyTime,
  }),
];
