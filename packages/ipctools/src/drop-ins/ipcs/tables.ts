import {
  MessageQueue,
  SemaphoreSet,
  SharedMemory,
  type QueueEntry,
  type SegmentEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import { humanSize } from '../human-size.js';
import type { Output } from '../output.js';
import type { KindName } from './kinds.js';
import {
  creatorTable,
  id,
  KEY,
  OWNER,
  PERMISSIONS,
  showTable,
  type Table,
  type TableName,
  type TableOptions,
} from './table.js';

/** Shows one table of one kind of objects. */
export function showObjects(kind: KindName, name: TableName, options: TableOptions, output: Output): void {
  if (kind === 'queues') showTable(QUEUES[name], MessageQueue.list(), options, output);
  else if (kind === 'segments') showTable(SEGMENTS[name], SharedMemory.list(), options, output);
  // Nobody keeps the processes of a whole set, and the original prints nothing at all here.
  else if (name !== 'pids') showTable(SETS[name], SemaphoreSet.list(), options, output);
}

const QUEUES: Readonly<Record<TableName, Table<QueueEntry>>> = {
  list: {
    title: 'Message Queues',
    columns: [
      KEY,
      id('msqid'),
      OWNER,
      PERMISSIONS,
      {
        heading: ({ unit }) => (unit === 'human' ? 'size' : 'used-bytes').padEnd(12),
        cell: ({ bytes }, { unit }) => size(bytes, unit === 'human', 12),
      },
      { heading: 'messages    ', cell: (queue) => String(queue.messages).padEnd(12) },
    ],
  },
  times: {
    title: 'Message Queues Send/Recv/Change Times',
    columns: [
      id('msqid', 8),
      OWNER,
      { heading: 'send'.padEnd(20), cell: (queue, context) => context.shortTime(queue.sendTime) },
      { heading: 'recv'.padEnd(20), cell: (queue, context) => context.shortTime(queue.receiveTime) },
      { heading: 'change'.padEnd(20), cell: (queue, context) => context.shortTime(queue.changeTime) },
    ],
  },
  pids: {
    title: 'Message Queues PIDs',
    columns: [
      { heading: 'msqid     ', cell: (queue) => String(queue.id).padEnd(8) },
      OWNER,
      { heading: 'lspid     ', cell: (queue) => ` ${String(queue.lastSendPid).padStart(5)}    ` },
      { heading: 'lrpid     ', cell: (queue) => String(queue.lastReceivePid).padStart(5) },
    ],
  },
  creators: creatorTable('Message Queues Creators/Owners', 'msqid'),
};

const SEGMENTS: Readonly<Record<TableName, Table<SegmentEntry>>> = {
  list: {
    title: 'Shared Memory Segments',
    columns: [
      KEY,
      id('shmid'),
      OWNER,
      PERMISSIONS,
      {
        heading: ({ unit }) => (unit === 'human' ? 'size' : 'bytes').padEnd(10),
        cell: ({ bytes }, { unit }) => size(bytes, unit === 'human', 10),
      },
      { heading: 'nattch    ', cell: (segment) => String(segment.attachments).padEnd(10) },
      {
        heading: 'status      ',
        cell: ({ dest, locked }) => `${(dest ? 'dest' : '').padEnd(6)} ${(locked ? 'locked' : '').padEnd(6)}`,
      },
    ],
  },
  times: {
    title: 'Shared Memory Attach/Detach/Change Times',
    columns: [
      id('shmid'),
      OWNER,
      { heading: 'attached'.padEnd(20), cell: (segment, context) => context.shortTime(segment.attachTime) },
      { heading: 'detached'.padEnd(20), cell: (segment, context) => context.shortTime(segment.detachTime) },
      { heading: 'changed'.padEnd(20), cell: (segment, context) => context.shortTime(segment.changeTime) },
    ],
  },
  pids: {
    title: 'Shared Memory Creator/Last-op PIDs',
    columns: [
      id('shmid'),
      OWNER,
      { heading: 'cpid      ', cell: (segment) => String(segment.creatorPid).padEnd(10) },
      { heading: 'lpid      ', cell: (segment) => String(segment.lastPid).padEnd(10) },
    ],
  },
  creators: creatorTable('Shared Memory Segment Creators/Owners', 'shmid'),
};

const SETS: Readonly<Record<Exclude<TableName, 'pids'>, Table<SemaphoreEntry>>> = {
  list: {
    title: 'Semaphore Arrays',
    columns: [
      KEY,
      id('semid'),
      OWNER,
      PERMISSIONS,
      { heading: 'nsems     ', cell: (set) => String(set.count).padEnd(10) },
    ],
  },
  times: {
    title: 'Semaphore Operation/Change Times',
    columns: [
      id('semid', 8),
      OWNER,
      { heading: 'last-op'.padEnd(26), cell: (set, context) => ` ${context.longTime(set.operateTime)}` },
      { heading: 'last-changed'.padEnd(26), cell: (set, context) => context.longTime(set.changeTime) },
    ],
  },
  creators: creatorTable('Semaphore Arrays Creators/Owners', 'semid'),
};

/** Human sizes stand to the right in six places, whatever the width of their column. */
function size(bytes: number, human: boolean, width: number): string {
  return human ? humanSize(bytes).padStart(6) + ' '.repeat(width - 6) : String(bytes).padEnd(width);
}
