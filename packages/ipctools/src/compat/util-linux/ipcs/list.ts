import type { QueueEntry, SegmentEntry, SemaphoreEntry } from '@timeq/mq-native';
import { humanSize } from './sizes.js';
import { id, OWNER, PERMISSIONS, showTables, type Column, type Entry, type Table } from './table.js';

const KEY: Column<Entry & { readonly key: number }> = {
  heading: 'key       ',
  cell: (entry) => `0x${entry.key.toString(16).padStart(8, '0')}`,
};

const QUEUES: Table<QueueEntry> = {
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
};

const SEGMENTS: Table<SegmentEntry> = {
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
};

const SETS: Table<SemaphoreEntry> = {
  title: 'Semaphore Arrays',
  columns: [
    KEY,
    id('semid'),
    OWNER,
    PERMISSIONS,
    { heading: 'nsems     ', cell: (set) => String(set.count).padEnd(10) },
  ],
};

/** Human sizes stand to the right in six places, whatever the width of their column. */
function size(bytes: number, human: boolean, width: number): string {
  return human ? humanSize(bytes).padStart(6) + ' '.repeat(width - 6) : String(bytes).padEnd(width);
}

/** `ipcs` without an output option: keys, owners, modes and sizes. */
export const showList = showTables({ queues: QUEUES, segments: SEGMENTS, semaphores: SETS });
