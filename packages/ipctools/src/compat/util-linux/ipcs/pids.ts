import type { QueueEntry, SegmentEntry } from '@timeq/mq-native';
import { id, OWNER, showTables, type Table } from './table.js';

const QUEUES: Table<QueueEntry> = {
  title: 'Message Queues PIDs',
  columns: [
    { heading: 'msqid     ', cell: (queue) => String(queue.id).padEnd(8) },
    OWNER,
    { heading: 'lspid     ', cell: (queue) => ` ${String(queue.lastSendPid).padStart(5)}    ` },
    { heading: 'lrpid     ', cell: (queue) => String(queue.lastReceivePid).padStart(5) },
  ],
};

const SEGMENTS: Table<SegmentEntry> = {
  title: 'Shared Memory Creator/Last-op PIDs',
  columns: [
    id('shmid'),
    OWNER,
    { heading: 'cpid      ', cell: (segment) => String(segment.creatorPid).padEnd(10) },
    { heading: 'lpid      ', cell: (segment) => String(segment.lastPid).padEnd(10) },
  ],
};

/**
 * `ipcs -p`: which processes made and last used it. The kernel keeps no processes for a semaphore set as a
 * whole, so the original prints not even a title.
 */
export const showPids = showTables({ queues: QUEUES, segments: SEGMENTS });
