import { loadAddon } from './addon/load-addon.js';

/**
 * Every symbol of the addon. All are flat functions: numbers in, and a number out that is the result of the system
 * call, or `-errno`. What does not fit into a number passes through shared memory:
 *
 * - the *message buffer*: the message type (or the type to select by) as a 64-bit integer, then the body to send; or
 *   several messages to send, each after the size of its body;
 * - the *slab*, into which messages are received, and of which their bodies are views;
 * - the *fields*: doubles, for calls with several numbers;
 * - the *registers*: the arguments and the result of the calls that are made for each message.
 *
 * The C source beside `native/` says more about each.
 */
export interface Native {
  /** A new message buffer with room for `bytes` of body; it takes the place of the former one. */
  messageBuffer(bytes: number): ArrayBuffer;
  /** A new slab of so many bytes, likewise. */
  slab(bytes: number): ArrayBuffer;
  fieldsBuffer(): ArrayBuffer;
  registersBuffer(): ArrayBuffer;

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
  msgctlStat(id: number, any: 0 | 1): number;
  msgctlSet(id: number): number;
  msgctlRemove(id: number): number;
  msgctlInfo(): number;
  msgctlTable(rows: Float64Array): number;

  // semaphore.c
  semget(key: number, count: number, flags: number): number;
  semop(id: number, count: number): number;
  semopUntil(id: number, count: number, milliseconds: number): number;
  /** what: 0 value, 1 last pid, 2 waiters for increase, 3 waiters for zero */
  semctlRead(id: number, number: number, what: 0 | 1 | 2 | 3): number;
  semctlSetValue(id: number, number: number, value: number): number;
  semctlValues(id: number, values: Uint16Array): number;
  semctlSetValues(id: number, values: Uint16Array): number;
  semctlStat(id: number, any: 0 | 1): number;
  semctlSet(id: number): number;
  semctlRemove(id: number): number;
  semctlInfo(): number;
  semctlTable(rows: Float64Array): number;

  // shared_memory.c
  shmget(key: number, bytes: number, flags: number): number;
  shmctlStat(id: number, any: 0 | 1): number;
  shmctlSet(id: number): number;
  shmctlRemove(id: number): number;
  shmctlInfo(): number;
  shmctlTable(rows: Float64Array): number;

  // shared_memory_attach.c
  /** An ArrayBuffer on the segment's own memory; -EFBIG for a segment of more than `most` bytes. */
  shmat(id: number, readOnly: 0 | 1, most: number): ArrayBuffer | number;
  /** Detaches the segment and makes the ArrayBuffer unusable. */
  shmdt(buffer: ArrayBuffer): number;

  // wait_calls.c: each answers with the index of a waiter, or -errno
  waitReceive(id: number, flags: number, room: number): number;
  waitSend(id: number, bytes: number): number;
  waitOperate(id: number, count: number): number;
  waitCancel(waiter: number): number;
  /** Puts the message that the wait which just ended has taken into the slab. @returns 0 or -errno */
  waitTaken(at: number): number;
  waitListen(listener: (waiter: number, result: number) => void): number;
  waitRef(delta: number): void;

  // clock.c and key.c
  clockRealtime(): bigint;
  clockBoottime(): bigint;
  /** How many nanoseconds it took to get the CPU back. */
  yieldCpu(): number;
  localTime(second: number): number;
  ftok(path: string, projectId: number): number;

  // namespace.c
  namespaceEnter(fd: number): number;
  namespaceLeave(): number;
  namespaceOpen(path: string): number;
}

/** A copy, for what Node-API makes is a dictionary to V8, in which each call would look its function up. */
export const native: Native = { ...(loadAddon() as Native) };

/** The doubles that calls with several numbers share. */
export const fields = new Float64Array(native.fieldsBuffer());
