import type { Key } from '../key.js';

/** A queue's entry in the kernel's table. */
export interface QueueEntry {
  readonly key: Key;
  readonly id: number;
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of the bodies in it. */
  readonly bytes: number;
  /** Messages in it. */
  readonly messages: number;
  /** Its limit in bytes (msg_qbytes); undefined where the kernel reports it only to those who may read the queue. */
  readonly maxBytes: number | undefined;
  readonly uid: number;
  readonly gid: number;
  readonly creatorUid: number;
  readonly creatorGid: number;
  /** Process of the last msgsnd; 0: none, or one in another pid namespace. */
  readonly lastSendPid: number;
  /**
   * Process of the last msgrcv, or the id of its thread where a blocked receive was woken; 0: none, or one in another
   * pid namespace.
   */
  readonly lastReceivePid: number;
  /** Last msgsnd, in whole seconds since the epoch; 0: never. */
  readonly sendTime: number;
  /** Last msgrcv, in whole seconds since the epoch; 0: never. */
  readonly receiveTime: number;
  /** Creation or last set, in whole seconds since the epoch. */
  readonly changeTime: number;
}

/** A queue that could be read. */
export type QueueStat = QueueEntry & { readonly maxBytes: number };

/** The layout of a row, as native/message_queue.c writes it. */
export const QUEUE_FIELD = {
  id: 0,
  key: 1,
  mode: 2,
  uid: 3,
  gid: 4,
  creatorUid: 5,
  creatorGid: 6,
  bytes: 7,
  messages: 8,
  maxBytes: 9,
  lastSendPid: 10,
  lastReceivePid: 11,
  sendTime: 12,
  receiveTime: 13,
  changeTime: 14,
} as const;

/** Doubles in a row of the table. */
export const QUEUE_FIELDS = 15;

/** Reads a queue from where a row begins. */
export function readQueue(fields: Float64Array, row = 0): QueueStat {
  const at = (field: number): number => {
    const value = fields[row + field] as number;
    // V8 keeps a small integer in the entry itself, and allocates 16 bytes for a double.
    return (value | 0) === value ? value | 0 : value;
  };
  return {
    key: at(QUEUE_FIELD.key),
    id: at(QUEUE_FIELD.id),
    mode: at(QUEUE_FIELD.mode),
    bytes: at(QUEUE_FIELD.bytes),
    messages: at(QUEUE_FIELD.messages),
    maxBytes: at(QUEUE_FIELD.maxBytes),
    uid: at(QUEUE_FIELD.uid),
    gid: at(QUEUE_FIELD.gid),
    creatorUid: at(QUEUE_FIELD.creatorUid),
    creatorGid: at(QUEUE_FIELD.creatorGid),
    lastSendPid: at(QUEUE_FIELD.lastSendPid),
    lastReceivePid: at(QUEUE_FIELD.lastReceivePid),
    sendTime: at(QUEUE_FIELD.sendTime),
    receiveTime: at(QUEUE_FIELD.receiveTime),
    changeTime: at(QUEUE_FIELD.changeTime),
  };
}
