import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import type { Output } from '../output.js';
import type { KindName } from '../../../model/kind-names.js';
import { id, PERMISSIONS, showTable, type Entry, type Table, type TableOptions } from './table.js';

/** `ipcs -c`: who made it and whose it is. Names are never cut here. */
export function showCreators(kind: KindName, options: TableOptions, output: Output): void {
  showTable(TABLES[kind], ENTRIES[kind](), options, output);
}

const ENTRIES: Readonly<Record<KindName, () => Iterable<Entry>>> = {
  queues: () => MessageQueue.entries(),
  segments: () => SharedMemory.list(),
  semaphores: () => SemaphoreSet.list(),
};

const TABLES: Readonly<Record<KindName, Table<Entry>>> = {
  queues: table('Message Queues Creators/Owners', 'msqid'),
  segments: table('Shared Memory Segment Creators/Owners', 'shmid'),
  semaphores: table('Semaphore Arrays Creators/Owners', 'semid'),
};

function table(title: string, idHeading: string): Table<Entry> {
  return {
    title,
    columns: [
      id(idHeading),
      PERMISSIONS,
      { heading: 'cuid      ', cell: (entry, context) => context.user(entry.creatorUid).padEnd(10) },
      { heading: 'cgid      ', cell: (entry, context) => context.group(entry.creatorGid).padEnd(10) },
      { heading: 'uid       ', cell: (entry, context) => context.user(entry.uid).padEnd(10) },
      { heading: 'gid       ', cell: (entry, context) => context.group(entry.gid).padEnd(10) },
    ],
  };
}
