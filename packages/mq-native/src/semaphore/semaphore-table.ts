import { native, SEMAPHORE_SET } from '../native.js';
import { readProcTable, readTable } from '../table.js';
import { readSet, SEMAPHORE_FIELDS, type SemaphoreEntry } from './semaphore-fields.js';

/** Every semaphore set of this IPC namespace, including those that may not be read. */
export function listSets(): SemaphoreEntry[] {
  return (
    readTable((rows) => native.objectTable(SEMAPHORE_SET, rows), SEMAPHORE_FIELDS, readSet) ?? listFromProc()
  );
}

/** Before Linux 4.17, or where a security module refuses SEM_STAT_ANY. */
function listFromProc(): SemaphoreEntry[] {
  return readProcTable('sem', (column) => ({
    key: column('key') >>> 0,
    id: column('semid'),
    mode: column('perms') & 0o777,
    count: column('nsems'),
    uid: column('uid'),
    gid: column('gid'),
    creatorUid: column('cuid'),
    creatorGid: column('cgid'),
    operateTime: column('otime'),
    changeTime: column('ctime'),
  }));
}
