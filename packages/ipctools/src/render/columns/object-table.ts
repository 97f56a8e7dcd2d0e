import type { QueueEntry, SegmentEntry, SemaphoreEntry } from '@timeq/mq-native';
import type { KindName } from '../../model/kind-names.js';
import type { PosixObject } from '../../model/posix/objects.js';
import type { Column } from './column.js';
import { POSIX_COLUMNS } from './posix.js';
import { QUEUE_COLUMNS } from './queues.js';
import { SEGMENT_COLUMNS } from './segments.js';
import { SEMAPHORE_COLUMNS } from './semaphores.js';

/** What can be listed, and its columns. */
export interface ObjectTable<Entry> {
  readonly name: KindName | 'posix';
  readonly columns: readonly Column<Entry>[];
}

export const QUEUES: ObjectTable<QueueEntry> = { name: 'queues', columns: QUEUE_COLUMNS };
export const SEGMENTS: ObjectTable<SegmentEntry> = { name: 'segments', columns: SEGMENT_COLUMNS };
export const SEMAPHORES: ObjectTable<SemaphoreEntry> = { name: 'semaphores', columns: SEMAPHORE_COLUMNS };
export const POSIX: ObjectTable<PosixObject> = { name: 'posix', columns: POSIX_COLUMNS };
