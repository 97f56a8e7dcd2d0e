import { loadAddon } from './addon/load-addon.js';

/** The kinds of objects, in the order of native/object.c. */
export const QUEUE = 0;
export const SEMAPHORE_SET = 1;
export const SEGMENT = 2;
export type ObjectKind = typeof QUEUE | typeof SEMAPHORE_SET | typeof SEGMENT;

/**
 * Every symbol of the addon. All are flat functions: numbers in, and one number out, the result of the system call or
 * `-errno`. Everything else passes through shared memory:
 *
 * - the *message buffer*: the message type (or the type to select by) as a 64-bit integer, then the body to send; or
 *   several messages to send, each after the size of its body;
 * - the *slab*: received messages, of which the bodies are views;
 * - the *fields*: doubles, for calls with several numbers;
 * - the *registers*: the arguments and the result of the calls that are made for each message.
 *
 * The C sources in `native/` say more about each.
 */
export interface Native {
  /** A new message buffer with room for `bytes` of body, or -errno; it replaces the previous one. */
  messageBuffer(bytes: number): ArrayBuffer | number;
  /** A new slab of this many bytes, likewise. */
  slab(bytes: number): ArrayBuffer | number;
  fieldsBuffer(): ArrayBuffer;
  registersBuffer(): ArrayBuffer;

  // constants.c: the flags of this platform's headers
  readonly IPC_CREAT: number;
  readonly IPC_EXCL: number;
  readonly IPC_NOWAIT: number;
  readonly MSG_NOERROR: number;
  readonly MSG_EXCEPT: number;
  readonly MSG_COPY: number;
  readonly SEM_UNDO: number;
  /** An addition to SEM_UNDO: also undone when script's thread ends. */
  readonly SEM_UNDO_THREAD: number;
  readonly SHM_DEST: number;
  readonly SHM_LOCKED: number;

  // object.c: msgctl, semctl and shmctl of whole objects
  /** any: also where there is no permission to read it */
  objectStat(kind: ObjectKind, id: number, any: 0 | 1): number;
  objectSet(kind: ObjectKind, id: number): number;
  objectRemove(kind: ObjectKind, id: number): number;
  objectInfo(kind: ObjectKind): number;
  objectTable(kind: ObjectKind, rows: Float64Array): number;

  // message_queue.c
  msgget(key: number, flags: number): number;
  /** Registers in: id, bytes, flags. */
  readonly msgsnd: () => void;
  /** Registers in: id, bytes, flags, at, count. */
  readonly msgrcv: () => void;
  /** Registers in: id, bytes. */
  readonly msgsndUntil: (milliseconds: number) => void;
  /** Registers in: id, bytes, flags, at. */
  readonly msgrcvUntil: (milliseconds: number) => void;
  /** Registers in: id, flags, count. */
  readonly msgsndBatch: () => void;
  /** Registers in: id, bytes, flags, at, count. */
  readonly msgrcvBatch: () => void;

  // semaphore.c
  semget(key: number, count: number, flags: number): number;
  semop(id: number, count: number): number;
  semopUntil(id: number, count: number, milliseconds: number): number;
  /** what: 0 value, 1 last pid, 2 waiters for increase, 3 waiters for zero */
  semctlRead(id: number, number: number, what: 0 | 1 | 2 | 3): number;
  semctlSetValue(id: number, number: number, value: number): number;
  semctlValues(id: number, values: Uint16Array): number;
  semctlSetValues(id: number, values: Uint16Array): number;

  // shared_memory.c
  shmget(key: number, bytes: number, flags: number): number;
  /** An ArrayBuffer on the segment's own memory; -EFBIG for a segment of more than `most` bytes. */
  shmat(id: number, readOnly: 0 | 1, most: number): ArrayBuffer | number;
  /** SHM_LOCK or SHM_UNLOCK (Linux). */
  shmLock(id: number, on: 0 | 1): number;
  /** Detaches the segment and makes the ArrayBuffer unusable. */
  shmdt(buffer: ArrayBuffer): number;

  // slot.c: a message at a place of a segment, on an eight-byte boundary; the type to select by, or the index of a copy,
  // stands in the message buffer
  slotReceive(id: number, buffer: ArrayBuffer, at: number, bytes: number, flags: number): number;
  /** Sends from a child (sending_child.c; -ECHILD if it was killed), or from this process. The sender's pid is at `pidAt` before. */
  slotSend(id: number, buffer: ArrayBuffer, at: number, bytes: number, pidAt: number, child: 0 | 1): number;
  /** As waitReceive with room for no bytes; an empty message is taken into the slot. The buffer has to stay attached. */
  slotWait(id: number, buffer: ArrayBuffer, at: number): number;

  // wait_calls.c: each returns the index of a waiter, or -errno
  waitReceive(id: number, flags: number, room: number): number;
  waitSend(id: number, bytes: number): number;
  waitOperate(id: number, count: number): number;
  /** wall: 1 for the wall clock, 0 for the one that can't be set; the moment in nanoseconds, in 64 bits */
  waitClock(wall: 0 | 1, moment: bigint): number;
  waitCancel(waiter: number): number;
  /**
   * Puts the message that the last ended wait has taken into the slab. Without room for it the message goes back into
   * its queue. @returns 0 or -errno
   */
  waitTaken(at: number): number;
  waitListen(listener: (waiter: number, result: number) => void): number;
  waitRef(delta: number): void;

  // libc.c
  strerror(errno: number): string;
  localTime(second: number): number;
  strftime(second: number, format: string): string | undefined;
  clockState(): number;
  pageSize(): number;
  userName(uid: number): string | undefined;
  groupName(gid: number): string | undefined;
  /** undefined if there is none, -errno if the look-up failed */
  userId(name: string): number | undefined;
  groupId(name: string): number | undefined;

  // unix_datagram.c
  sendUnixDatagram(path: string, text: string): number;

  // clock.c and key.c
  clockRealtime(): bigint;
  clockBoottime(): bigint;
  /** Nanoseconds until the CPU came back. */
  yieldCpu(): number;
  ftok(path: string, projectId: number): number;

  // namespace.c
  namespaceEnter(fd: number): number;
  namespaceLeave(): number;
  namespaceOpen(path: string): number;

  // posix_queue.c (Linux): POSIX message queues by descriptor
  /** Fields out: the most messages, the most bytes in one, and how many there are. */
  mqAttributes(fd: number): number;
  mqCreate(name: string, mode: number, mostMessages: number, mostBytes: number): number;
  /** The length of the message; its priority is the first field. */
  mqReceive(fd: number, bytes: Uint8Array): number;
  mqSend(fd: number, bytes: Uint8Array, priority: number): number;
  mqUnlink(name: string): number;
}

/** A copy: V8 treats the object that Node-API makes as a dictionary, and would look up its function at each call. */
export const native: Native = { ...(loadAddon() as Native) };

/** By their names in the manual pages. */
export const {
  IPC_CREAT,
  IPC_EXCL,
  IPC_NOWAIT,
  MSG_NOERROR,
  MSG_EXCEPT,
  MSG_COPY,
  SEM_UNDO,
  SEM_UNDO_THREAD,
  SHM_DEST,
  SHM_LOCKED,
} = native;

/** The doubles that calls with several numbers use. */
export const fields = new Float64Array(native.fieldsBuffer());
