import { native, SEGMENT } from '../native.js';
import { readProcTable, readTable } from '../table.js';
import { readSegment, readSegmentMode, SEGMENT_FIELDS, type SegmentEntry } from './segment-fields.js';

/** Every segment of this IPC namespace, including those that may not be read. */
export function listSegments(): SegmentEntry[] {
  return (
    readTable((rows) => native.objectTable(SEGMENT, rows), SEGMENT_FIELDS, readSegment) ?? listFromProc()
  );
}

/** Before Linux 4.17, or where a security module refuses SHM_STAT_ANY. */
function listFromProc(): SegmentEntry[] {
  return readProcTable('shm', (column) => ({
    key: column('key') >>> 0,
    id: column('shmid'),
    ...readSegmentMode(column('perms')),
    bytes: column('size'),
    attachments: column('nattch'),
    creatorPid: column('cpid'),
    lastPid: column('lpid'),
    uid: column('uid'),
    gid: column('gid'),
    creatorUid: column('cuid'),
    creatorGid: column('cgid'),
    attachTime: column('atime'),
    detachTime: column('dtime'),
    changeTime: column('ctime'),
  }));
}
