import { checkInteger } from '../errors/argument-error.js';
import type { Call } from '../errors/call.js';
import { EACCES, ECANCELED, ENOSYS, EXDEV } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import { INSPECT, shown, type Inspect, type InspectOptionsStylized } from '../inspection.js';
import { checkPublicKey } from '../check-key.js';
import { checkId, objectError, readStat, writeOwnership } from '../kernel-object.js';
import { IPC_PRIVATE, type Key } from '../key.js';
import { checkMode, DEFAULT_MODE } from '../mode.js';
import { currentVisit, isElsewhere } from '../namespace/entered.js';
import { fields, IPC_CREAT, IPC_EXCL, native, SEGMENT } from '../native.js';
import type { OwnershipOptions } from '../ownership.js';
import { Attachment, type AttachOptions } from './attachment.js';
import { Mapping } from './mapping.js';
import { ReadOnlyAttachment } from './read-only-attachment.js';
import { readSegment, type SegmentEntry } from './segment-fields.js';
import { readSegmentLimits, type SegmentLimits } from './segment-limits.js';
import { segmentResidency, type SegmentResidency } from './segment-residency.js';
import { listSegments } from './segment-table.js';
import { makeView, type ViewOptions, type ViewType } from './view-type.js';

/** Options of a new segment. */
export interface CreateSegmentOptions {
  /** Size in bytes; the kernel rounds it up to whole pages. */
  readonly bytes: number;
  /** Permission bits, 0o600 if not given. */
  readonly mode?: number | undefined;
}

/**
 * A handle on a System V shared memory segment. The segment belongs to the kernel and outlives processes; `remove`
 * destroys it once no process has it attached, `close` ends this handle only.
 *
 * A failed system call throws an IpcError, or a GoneError if the segment is gone. Source: shmget(2), shmop(2),
 * shmctl(2).
 */
export class SharedMemory implements Disposable {
  readonly #id: number;
  readonly #key: Key | undefined;
  /** The attachment behind `view`. */
  #mapping: Mapping | undefined;
  /** The visit to another IPC namespace on which it was opened. */
  readonly #visit = currentVisit();
  #closed = false;

  private constructor(id: number, key: Key | undefined) {
    this.#id = id;
    this.#key = key;
  }

  static #get(key: Key, bytes: number, flags: number): SharedMemory {
    const id = native.shmget(key, bytes, flags);
    if (id < 0)
      throw new IpcError(-id, {
        syscall: 'shmget',
        object: 'segment',
        key,
        bytes,
        limits: readSegmentLimits,
      });
    return new SharedMemory(id, key);
  }

  static #create(key: Key, options: CreateSegmentOptions, flags: number): SharedMemory {
    const bytes = checkInteger('bytes', options.bytes, 1, Number.MAX_SAFE_INTEGER);
    return SharedMemory.#get(key, bytes, IPC_CREAT | flags | checkMode(options.mode ?? DEFAULT_MODE));
  }

  /**
   * Creates a new segment (IPC_CREAT | IPC_EXCL), filled with zeros.
   * @throws IpcError EEXIST if the key has one, ENOSPC at the limits (shmmni, shmall), EINVAL above shmmax, ENOMEM
   */
  static create(key: Key, options: CreateSegmentOptions): SharedMemory {
    return SharedMemory.#create(checkPublicKey(key), options, IPC_EXCL);
  }

  /**
   * Opens the segment at a key.
   * @throws IpcError ENOENT if there is none
   */
  static open(key: Key): SharedMemory {
    return SharedMemory.#get(checkPublicKey(key), 0, 0);
  }

  /**
   * Opens the segment at a key, or creates it (IPC_CREAT).
   * @throws IpcError EINVAL if the existing segment is smaller, EACCES, ENOSPC
   */
  static openOrCreate(key: Key, options: CreateSegmentOptions): SharedMemory {
    return SharedMemory.#create(checkPublicKey(key), options, 0);
  }

  /** Creates a segment without a key (IPC_PRIVATE). */
  static createPrivate(options: CreateSegmentOptions): SharedMemory {
    return SharedMemory.#create(IPC_PRIVATE, options, 0);
  }

  /**
   * Opens the segment with an id (shmid).
   * @throws GoneError if there is none
   */
  static fromId(id: number): SharedMemory {
    const result = readStat(SEGMENT, checkId(id));
    if (result === -EACCES) return new SharedMemory(id, undefined);
    if (result !== 0) throw new SharedMemory(id, undefined).#error(result, 'shmctl');
    return new SharedMemory(id, readSegment(fields).key);
  }

  /**
   * Removes the segment with an id (IPC_RMID on a shmid) without a handle.
   * @throws IpcError EPERM unless owner, creator or root; GoneError if there is none
   */
  static removeId(id: number): void {
    const result = native.objectRemove(SEGMENT, checkId(id));
    if (result !== 0) throw new SharedMemory(id, undefined).#error(result, 'shmctl');
  }

  /** Every segment of this IPC namespace, including those that may not be read. */
  static list(): SegmentEntry[] {
    return listSegments();
  }

  /** How much of each segment is in memory and in swap, by id. */
  static residency(): Map<number, SegmentResidency> {
    return segmentResidency();
  }

  /**
   * The kernel's limits, and their usage.
   * @throws IpcError ENOSYS on a platform that does not report them
   */
  static limits(): SegmentLimits {
    const limits = readSegmentLimits();
    if (limits === undefined) throw new IpcError(ENOSYS, { syscall: 'shmctl' });
    return limits;
  }

  /** The kernel's id of the segment (shmid). */
  get id(): number {
    return this.#id;
  }

  /** Its key; 0 for a private segment, undefined if it is unknown. */
  get key(): Key | undefined {
    return this.#key;
  }

  /**
   * Attaches the segment to this process's memory, once more at each call. The attachment is independent of this handle
   * and is detached by itself. A segment that is marked for destruction can still be attached by its id (Linux).
   * @throws IpcError EACCES, EFBIG above the largest ArrayBuffer (buffer.constants.MAX_LENGTH: 4 GiB in Node 20), ENOMEM,
   * ENOTSUP where Node.js allows no foreign memory (V8 sandbox); GoneError
   */
  attach(options: AttachOptions & { readonly readOnly: true }): ReadOnlyAttachment;
  attach(options?: AttachOptions & { readonly readOnly?: false | undefined }): Attachment;
  attach(options: AttachOptions = {}): Attachment | ReadOnlyAttachment {
    const readOnly = options.readOnly === true;
    const mapping = this.#map(readOnly);
    return readOnly ? new ReadOnlyAttachment(mapping) : new Attachment(mapping);
  }

  /**
   * A typed array or DataView on the segment's own memory. The first call attaches it, `close` detaches it.
   * @throws RangeError for a part outside of the segment; as attach
   */
  view<View>(type: ViewType<View>, options: ViewOptions = {}): View {
    this.#mapping ??= this.#map(false);
    return makeView(this.#mapping.buffer, type, options);
  }

  /** The segment's entry in the kernel's table. */
  stat(): SegmentEntry {
    this.#checkNamespace('shmctl');
    this.#check(readStat(SEGMENT, this.#id));
    return readSegment(fields);
  }

  /** Changes the given properties and keeps the rest (IPC_SET). */
  set(options: OwnershipOptions): void {
    writeOwnership(options, this.stat());
    this.#check(native.objectSet(SEGMENT, this.#id));
  }

  /** Marks it for destruction (IPC_RMID); the kernel destroys it at the last detach. */
  remove(): void {
    this.#checkNamespace('shmctl');
    this.#check(native.objectRemove(SEGMENT, this.#id));
  }

  /**
   * SHM_LOCK: keeps each page in memory from its first use on, for every process that attaches it (Linux).
   * @throws IpcError ENOMEM above the process's RLIMIT_MEMLOCK, EPERM unless owner or creator or where that limit is 0,
   * ENOSYS elsewhere
   */
  lock(): void {
    this.#lock(1);
  }

  /** SHM_UNLOCK: lets the pages be swapped out again. */
  unlock(): void {
    this.#lock(0);
  }

  /** Closes this handle: the views from `view` become unusable. The segment and attachments made by `attach` stay. */
  close(): void {
    this.#closed = true;
    this.#mapping?.detach();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What console.log shows; `viewed` is whether `view` has attached it. */
  [INSPECT](_depth: number, options: InspectOptionsStylized, inspect: Inspect): string {
    const state = this.#closed ? { closed: true } : { viewed: this.#mapping !== undefined };
    return shown(this, state, options, inspect);
  }

  #lock(on: 0 | 1): void {
    this.#checkNamespace('shmctl');
    if (isElsewhere()) throw this.#error(-EXDEV, 'shmctl');
    this.#check(native.shmLock(this.#id, on));
  }

  #map(readOnly: boolean): Mapping {
    if (this.#closed) throw this.#error(-ECANCELED, 'shmat');
    this.#checkNamespace('shmat');
    if (isElsewhere()) throw this.#error(-EXDEV, 'shmat');
    return new Mapping(this.#id, readOnly, (result, syscall) => this.#error(result, syscall));
  }

  /** In another namespace its id means another segment. */
  #checkNamespace(syscall: string): void {
    if (this.#visit !== currentVisit()) throw this.#error(-EXDEV, syscall, { strange: true });
  }

  #check(result: number): void {
    if (result !== 0) throw this.#error(result, 'shmctl');
  }

  #error(result: number, syscall: string, more?: Partial<Call>): IpcError {
    const [id, key] = [this.#id, this.#key];
    return objectError(SEGMENT, id, result, { syscall, object: 'segment', id, key, ...more });
  }
}
