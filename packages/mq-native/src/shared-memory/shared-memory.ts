import { checkInteger } from '../errors/argument-error.js';
import { EACCES, EIDRM, EINVAL, ENOSYS } from '../errors/errno.js';
import { GoneError, IpcError } from '../errors/ipc-error.js';
import { checkPublicKey, IPC_PRIVATE, type Key } from '../key.js';
import { checkMode, DEFAULT_MODE } from '../mode.js';
import { fields, native } from '../native.js';
import type { OwnershipOptions } from '../ownership.js';
import { readSegment, type SegmentEntry } from './segment-fields.js';
import { readSegmentLimits, type SegmentLimits } from './segment-limits.js';
import { segmentResidency, type SegmentResidency } from './segment-residency.js';
import { listSegments } from './segment-table.js';

/** How to create. */
export interface CreateSegmentOptions {
  /** Size in bytes; the kernel rounds it up to whole pages. */
  readonly bytes: number;
  /** Permission bits, 0o600 if not given. */
  readonly mode?: number | undefined;
}

const IPC_CREAT = 0o1000;
const IPC_EXCL = 0o2000;
const LARGEST_ID = 2 ** 31 - 1;

/**
 * A handle on a System V shared memory segment: its place in the kernel's table. The segment belongs to the kernel
 * and outlives processes; `remove` destroys it once nobody has it attached.
 *
 * Failures of system calls are IpcErrors, and GoneErrors once the segment is gone. Source: shmget(2), shmctl(2).
 */
export class SharedMemory {
  readonly id: number;
  /** Its key; 0 for a private segment, undefined where it can't be known. */
  readonly key: Key | undefined;

  private constructor(id: number, key: Key | undefined) {
    this.id = id;
    this.key = key;
  }

  static #get(key: Key, bytes: number, flags: number): SharedMemory {
    const id = native.shmget(key, bytes, flags);
    if (id < 0) throw new IpcError(-id, { syscall: 'shmget', object: 'segment', key });
    return new SharedMemory(id, key);
  }

  static #create(key: Key, options: CreateSegmentOptions, flags: number): SharedMemory {
    const bytes = checkInteger('bytes', options.bytes, 1, Number.MAX_SAFE_INTEGER);
    return SharedMemory.#get(key, bytes, IPC_CREAT | flags | checkMode(options.mode ?? DEFAULT_MODE));
  }

  /**
   * IPC_CREAT | IPC_EXCL: a new segment, filled with zeros.
   * @throws IpcError EEXIST if the key has one, ENOSPC at the limits (shmmni, shmall), EINVAL above shmmax
   */
  static create(key: Key, options: CreateSegmentOptions): SharedMemory {
    return SharedMemory.#create(checkPublicKey(key), options, IPC_EXCL);
  }

  /**
   * The segment that the key has.
   * @throws IpcError ENOENT if there is none
   */
  static open(key: Key): SharedMemory {
    return SharedMemory.#get(checkPublicKey(key), 0, 0);
  }

  /**
   * IPC_CREAT: the segment that the key has, or a new one.
   * @throws IpcError EINVAL if the one that is there is smaller, EACCES, ENOSPC
   */
  static openOrCreate(key: Key, options: CreateSegmentOptions): SharedMemory {
    return SharedMemory.#create(checkPublicKey(key), options, 0);
  }

  /** IPC_PRIVATE: a new segment without a key. */
  static createPrivate(options: CreateSegmentOptions): SharedMemory {
    return SharedMemory.#create(IPC_PRIVATE, options, 0);
  }

  /**
   * The segment of an id (shmid).
   * @throws GoneError if there is none
   */
  static fromId(id: number): SharedMemory {
    checkInteger('id', id, 0, LARGEST_ID);
    const result = readStat(id);
    if (result === -EACCES) return new SharedMemory(id, undefined);
    if (result !== 0) throw new SharedMemory(id, undefined).#error(result);
    return new SharedMemory(id, readSegment(fields).key);
  }

  /** Every segment of this IPC namespace, also those that may not be read. */
  static list(): SegmentEntry[] {
    return listSegments();
  }

  /** How much of each segment is in memory and in swap, by id. */
  static residency(): Map<number, SegmentResidency> {
    return segmentResidency();
  }

  /**
   * The kernel's limits, and what is in use of them.
   * @throws IpcError ENOSYS on a platform that does not tell
   */
  static limits(): SegmentLimits {
    const limits = readSegmentLimits();
    if (limits === undefined) throw new IpcError(ENOSYS, { syscall: 'shmctl' });
    return limits;
  }

  /** The segment as the kernel's table has it. */
  stat(): SegmentEntry {
    this.#check(readStat(this.id));
    return readSegment(fields);
  }

  /** IPC_SET: changes what is given and keeps the rest. */
  set(options: OwnershipOptions): void {
    const before = this.stat();
    const uid = checkInteger('uid', options.uid ?? before.uid, 0, 2 ** 32 - 1);
    const gid = checkInteger('gid', options.gid ?? before.gid, 0, 2 ** 32 - 1);
    fields.set([uid, gid, checkMode(options.mode ?? before.mode)]);
    this.#check(native.shmctlSet(this.id));
  }

  /** IPC_RMID: marks it for destruction; it goes when the last process has detached it. */
  remove(): void {
    this.#check(native.shmctlRemove(this.id));
  }

  #check(result: number): void {
    if (result !== 0) throw this.#error(result);
  }

  #error(result: number): IpcError {
    const call = { syscall: 'shmctl', object: 'segment', id: this.id, key: this.key } as const;
    const gone = result === -EIDRM || (result === -EINVAL && readStat(this.id) === -EINVAL);
    return gone ? new GoneError(EIDRM, call) : new IpcError(-result, call);
  }
}

/** Reads the segment into the fields. @returns 0 or -errno */
function readStat(id: number): number {
  const result = native.shmctlStat(id, 0);
  return result === -EACCES && native.shmctlStat(id, 1) === 0 ? 0 : result;
}
