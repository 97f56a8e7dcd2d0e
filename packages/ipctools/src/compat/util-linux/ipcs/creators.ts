import { id, PERMISSIONS, showTables, type Entry, type Table } from './table.js';

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

/** `ipcs -c`: who made it and whose it is. Names are never cut here. */
export const showCreators = showTables({
  queues: table('Message Queues Creators/Owners', 'msqid'),
  segments: table('Shared Memory Segment Creators/Owners', 'shmid'),
  semaphores: table('Semaphore Arrays Creators/Owners', 'semid'),
});
