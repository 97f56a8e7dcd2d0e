import type { QueueEntry, SegmentEntry, SemaphoreEntry } from '@timeq/mq-native';
import type { KindName } from '../../model/kind-names.js';
import type { Column } from './column.js';
import { QUEUE_COLUMNS } from './queues.js';
import { SEGMENT_COLUMNS } from './segments.js';
import { SEMAPHORE_COLUMNS } from './semaphores.js';
import type { OwnedEntry } from './shared.js';

/** What can be listed, and its columns. */
export interface ObjectTable<Entry extends OwnedEntry> {
  readonly name: KindName;
  readonly columns: readonly Column<Entry>[];
}

export const QUEUES: ObjectTable<QueueEntry> = { name: 'queues', columns: QUEUE_COLUMNS };
export const SEGMENTS: ObjectTable<SegmentEntry> = { name: 'segments', columns: SEGMENT_COLUMNS };
export const SEMAPHORES: ObjectTable<SemaphoreEntry> = { name: 'semaphores', columns: SEMAPHORE_COLUMNS };
