import type { QueueEntry, SegmentEntry, SemaphoreEntry } from '@timeq/mq-native';
import { ctime } from '@timeq/mq-native/libc';
import { id, memoized, OWNER, showTables, type Table } from './table.js';

const SHORT_WIDTH = 20;
const LONG_WIDTH = 26;

/** ctime(3) without the weekday and the year. */
const short = memoized((time) => (time === 0 ? 'Not set' : ctime(time).slice(4, 20)).padEnd(SHORT_WIDTH));
const long = memoized((time) => (time === 0 ? 'Not set' : ctime(time)).padEnd(LONG_WIDTH));

const QUEUES: Table<QueueEntry> = {
  title: 'Message Queues Send/Recv/Change Times',
  columns: [
    id('msqid', 8),
    OWNER,
    { heading: 'send'.padEnd(SHORT_WIDTH), cell: (queue) => short(queue.sendTime) },
    { heading: 'recv'.padEnd(SHORT_WIDTH), cell: (queue) => short(queue.receiveTime) },
    { heading: 'change'.padEnd(SHORT_WIDTH), cell: (queue) => short(queue.changeTime) },
  ],
};

const SEGMENTS: Table<SegmentEntry> = {
  title: 'Shared Memory Attach/Detach/Change Times',
  columns: [
    id('shmid'),
    OWNER,
    { heading: 'attached'.padEnd(SHORT_WIDTH), cell: (segment) => short(segment.attachTime) },
    { heading: 'detached'.padEnd(SHORT_WIDTH), cell: (segment) => short(segment.detachTime) },
    { heading: 'changed'.padEnd(SHORT_WIDTH), cell: (segment) => short(segment.changeTime) },
  ],
};

const SETS: Table<SemaphoreEntry> = {
  title: 'Semaphore Operation/Change Times',
  columns: [
    id('semid', 8),
    OWNER,
    { heading: 'last-op'.padEnd(LONG_WIDTH), cell: (set) => ` ${long(set.operateTime)}` },
    { heading: 'last-changed'.padEnd(LONG_WIDTH), cell: (set) => long(set.changeTime) },
  ],
};

/** `ipcs -t`: when something last happened. */
export const showTimes = showTables({ queues: QUEUES, segments: SEGMENTS, semaphores: SETS });
