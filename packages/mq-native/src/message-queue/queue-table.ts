import { fields, native, QUEUE } from '../native.js';
import { readProcTable, readRows } from '../table.js';
import { QUEUE_FIELD, QUEUE_FIELDS, readQueue, type QueueEntry } from './queue-fields.js';

/**
 * Every queue of this IPC namespace, including those that may not be read. The table is no snapshot: queues that are
 * created or removed while it is read may be missing.
 */
export function queueEntries(): Iterable<QueueEntry> {
  return (
    readRows<QueueEntry>((rows) => native.objectTable(QUEUE, rows), QUEUE_FIELDS, readQueue) ?? listFromProc()
  );
}

/** Before Linux 4.17, or where a security module refuses MSG_STAT_ANY. */
function listFromProc(): QueueEntry[] {
  return readProcTable('msg', (column) => {
    const id = column('msqid');
    return {
      key: column('key') >>> 0,
      id,
      mode: column('perms') & 0o777,
      bytes: column('cbytes'),
      messages: column('qnum'),
      maxBytes: native.objectStat(QUEUE, id, 0) === 0 ? fields[QUEUE_FIELD.maxBytes] : undefined,
      uid: column('uid'),
      gid: column('gid'),
      creatorUid: column('cuid'),
      creatorGid: column('cgid'),
      lastSendPid: column('lspid'),
      lastReceivePid: column('lrpid'),
      sendTime: column('stime'),
      receiveTime: column('rtime'),
      changeTime: column('ctime'),
    };
  });
}
