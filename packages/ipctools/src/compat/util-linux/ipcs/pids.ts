import { MessageQueue, SharedMemory, type QueueEntry, type SegmentEntry } from '@timeq/mq-native';
import type { Output } from '../output.js';
import type { KindName } from '../../../model/kind-names.js';
import { id, OWNER, showTable, type Table, type TableOptions } from './table.js';

/** `ipcs -p`: which processes made and last used it. */
export function showPids(kind: KindName, options: TableOptions, output: Output): void {
  if (kind === 'queues') showTable(QUEUES, MessageQueue.entries(), options, output);
  else if (kind === 'segments') showTable(SEGMENTS, SharedMemory.list(), options, output);
  // The kernel keeps no processes for a semaphore set as a whole, so the original prints not even a title.
}

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
