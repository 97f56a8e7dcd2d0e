import { checkInteger } from '../errors/argument-error.js';
import type { Call } from '../errors/call.js';
import { EACCES, EAGAIN, ECANCELED, EEXIST, ENOENT, ENOSYS, ETIMEDOUT, EXDEV } from '../errors/errno.js';
import { GoneError, IpcError } from '../errors/ipc-error.js';
import { INSPECT, shown, type Inspect, type InspectOptionsStylized } from '../inspection.js';
import { checkPublicKey } from '../check-key.js';
import { checkId, objectError, readStat, writeOwnership } from '../kernel-object.js';
import { IPC_PRIVATE, type Key } from '../key.js';
import { checkMode, DEFAULT_MODE } from '../mode.js';
import type { OwnershipOptions } from '../ownership.js';
import { currentVisit, isElsewhere } from '../namespace/entered.js';
import { fields, IPC_CREAT, IPC_EXCL, native, SEMAPHORE_SET } from '../native.js';
import { blockFor, blocksAgain, blockUntil } from '../waiting/blocking.js';
import { mustYield } from '../waiting/turn.js';
import { checkSignal, checkTimeout, type WaitOptions } from '../waiting/wait-options.js';
import {
  checkInitialValues,
  initialise,
  INITIALISE_MILLISECONDS,
  waitUntilInitialised,
} from './initialise.js';
import { readSet, type SemaphoreEntry } from './semaphore-fields.js';
import { readSemaphoreLimits, type SemaphoreLimits } from './semaphore-limits.js';
import { writeOperations, type SemaphoreOperation } from './semaphore-operation.js';
import { listSets } from './semaphore-table.js';
import { SemaphoreWaits } from './semaphore-waits.js';

/** Options of a new set. */
export interface CreateSemaphoreSetOptions {
  /** Number of semaphores; 1 if not given. */
  readonly count?: number | undefined;
  /** Permission bits, 0o600 if not given. */
  readonly mode?: number | undefined;
  /**
   * The values of a new set, each 0 to 32767 (semvmx), one for each semaphore; 0 if not given. openOrCreate sets them
   * exactly once: a program that finds a set waits until its creator has set them.
   */
  readonly initialValues?: readonly number[] | undefined;
}

/** Options for opening. */
export interface OpenSemaphoreSetOptions {
  /**
   * Wait until the set has been initialised, that is, until a process has operated on it (sem_otime). A set whose
   * creator only sets values and never operates looks uninitialised until the first operation.
   */
  readonly initialised?: boolean | undefined;
  /** Milliseconds to wait for that, blocking this thread; 5000 if not given. Creators need some microseconds. */
  readonly timeout?: number | undefined;
}

const NO_OPTIONS = {};
const LARGEST_COUNT = 2 ** 31 - 1;

/**
 * A handle on a System V semaphore set. The set belongs to the kernel and outlives processes; `remove` destroys it,
 * `close` ends this handle only. All values of a new set are 0 (on Linux; POSIX does not promise it) unless it is
 * created with `initialValues`.
 *
 * A failed system call throws an IpcError, or a GoneError if the set was removed. Source: semget(2), semop(2),
 * semctl(2).
 */
export class SemaphoreSet implements Disposable {
  readonly #id: number;
  readonly #key: Key | undefined;
  readonly #waits: SemaphoreWaits;
  /** The visit to another IPC namespace on which it was opened. */
  readonly #visit = currentVisit();
  #closed = false;

  private constructor(id: number, key: Key | undefined) {
    this.#id = id;
    this.#key = key;
    this.#waits = new SemaphoreWaits(id, (result, syscall, more) => this.#error(result, syscall, more));
  }

  static #get(key: Key, count: number, flags: number): SemaphoreSet {
    const id = native.semget(key, count, flags);
    if (id < 0)
      throw new IpcError(-id, {
        syscall: 'semget',
        object: 'semaphore set',
        key,
        limits: readSemaphoreLimits,
      });
    return new SemaphoreSet(id, key);
  }

  static #create(key: Key, options: CreateSemaphoreSetOptions, flags: number): SemaphoreSet {
    const values = checkInitialValues(options.initialValues ?? []);
    const count = checkCount(options);
    const mode = checkMode(options.mode ?? DEFAULT_MODE);
    const set = SemaphoreSet.#get(key, count, IPC_CREAT | flags | mode);
    if (values.length > 0) initialise(set, values);
    return set;
  }

  /**
   * Creates a new set (IPC_CREAT | IPC_EXCL).
   * @throws IpcError EEXIST if the key has one, ENOSPC at the limits (semmni, semmns)
   */
  static create(key: Key, options: CreateSemaphoreSetOptions = NO_OPTIONS): SemaphoreSet {
    return SemaphoreSet.#create(checkPublicKey(key), options, IPC_EXCL);
  }

  /**
   * Opens the set at a key.
   * @throws IpcError ENOENT if there is none; ETIMEDOUT if it should be initialised and no process does that in time
   */
  static open(key: Key, options: OpenSemaphoreSetOptions = NO_OPTIONS): SemaphoreSet {
    const milliseconds = checkTimeout(options.timeout ?? INITIALISE_MILLISECONDS) ?? Infinity;
    const set = SemaphoreSet.#get(checkPublicKey(key), 0, 0);
    if (options.initialised === true) waitUntilInitialised(set, milliseconds);
    return set;
  }

  /**
   * IPC_CREAT: the set that the key has, or a new one. With `initialValues`, one that is there is initialised when it
   * is returned.
   * @throws IpcError EINVAL if the one that is there has fewer semaphores, EACCES, ENOSPC; ETIMEDOUT if its creator does
   * not initialise it within five seconds
   */
  static openOrCreate(key: Key, options: CreateSemaphoreSetOptions = NO_OPTIONS): SemaphoreSet {
    const publicKey = checkPublicKey(key);
    if (options.initialValues === undefined) return SemaphoreSet.#create(publicKey, options, 0);
    for (;;) {
      try {
        return SemaphoreSet.#create(publicKey, options, IPC_EXCL);
      } catch (error) {
        if (!(error instanceof IpcError) || error.errno !== EEXIST) throw error;
      }
      try {
        const set = SemaphoreSet.#get(
          publicKey,
          checkCount(options),
          checkMode(options.mode ?? DEFAULT_MODE),
        );
        waitUntilInitialised(set, INITIALISE_MILLISECONDS);
        return set;
      } catch (error) {
        // Removed since: there is room for a new one.
        if (!(error instanceof GoneError) && (error as IpcError).errno !== ENOENT) throw error;
      }
    }
  }

  /** Creates a set without a key (IPC_PRIVATE). */
  static createPrivate(options: CreateSemaphoreSetOptions = NO_OPTIONS): SemaphoreSet {
    return SemaphoreSet.#create(IPC_PRIVATE, options, 0);
  }

  /**
   * Opens the set with an id (semid).
   * @throws GoneError if there is none
   */
  static fromId(id: number): SemaphoreSet {
    const result = readStat(SEMAPHORE_SET, checkId(id));
    if (result === -EACCES) return new SemaphoreSet(id, undefined);
    if (result !== 0) throw new SemaphoreSet(id, undefined).#error(result, 'semctl');
    return new SemaphoreSet(id, readSet(fields).key);
  }

  /**
   * Removes the set with an id (IPC_RMID on a semid) without a handle.
   * @throws IpcError EPERM unless owner, creator or root; GoneError if there is none
   */
  static removeId(id: number): void {
    const result = native.objectRemove(SEMAPHORE_SET, checkId(id));
    if (result !== 0) throw new SemaphoreSet(id, undefined).#error(result, 'semctl');
  }

  /** Every set of this IPC namespace, including those that may not be read. */
  static list(): SemaphoreEntry[] {
    return listSets();
  }

  /**
   * The kernel's limits, and their usage.
   * @throws IpcError ENOSYS on a platform that does not report them
   */
  static limits(): SemaphoreLimits {
    const limits = readSemaphoreLimits();
    if (limits === undefined) throw new IpcError(ENOSYS, { syscall: 'semctl' });
    return limits;
  }

  /** The kernel's id of the set (semid). */
  get id(): number {
    return this.#id;
  }

  /** Its key; 0 for a private set, undefined if it is unknown. */
  get key(): Key | undefined {
    return this.#key;
  }

  /**
   * Does all operations at once if that is possible now.
   * @returns false if one of them would have to wait
   */
  tryOperate(operations: readonly SemaphoreOperation[]): boolean {
    this.#checkHere('semop');
    const result = native.semop(this.#id, writeOperations(operations, false));
    if (result === 0) return true;
    if (result === -EAGAIN) return false;
    throw this.#error(result, 'semop');
  }

  /**
   * Does all operations at once, and waits until that is possible. A wait costs one thread of its own.
   * @throws IpcError EAGAIN for an operation with `wait: false`, ETIMEDOUT, ECANCELED after close; GoneError; AbortError
   */
  async operate(operations: readonly SemaphoreOperation[], options: WaitOptions = NO_OPTIONS): Promise<void> {
    this.#checkHere('semop');
    const timeout = checkTimeout(options.timeout);
    checkSignal(options.signal);
    if ((timeout === 0 || !mustYield()) && this.tryOperate(operations)) return;
    if (timeout === 0) throw this.#error(-ETIMEDOUT, 'semop', { milliseconds: 0 });
    await this.#waits.add(operations, timeout, options.signal);
  }

  /**
   * Does all operations at once, and blocks this thread until that is possible.
   * @throws IpcError EINTR when a signal with a handler arrives, ETIMEDOUT; GoneError
   */
  operateSync(
    operations: readonly SemaphoreOperation[],
    options: Pick<WaitOptions, 'timeout'> = NO_OPTIONS,
  ): void {
    this.#checkHere('semop');
    const timeout = checkTimeout(options.timeout);
    const count = writeOperations(operations, true);
    const until = blockUntil(timeout);
    let result;
    do {
      const milliseconds = blockFor(until);
      result =
        milliseconds === Infinity
          ? native.semop(this.#id, count)
          : native.semopUntil(this.#id, count, milliseconds);
    } while (blocksAgain(result, until));
    if (result !== 0) {
      throw this.#error(result, 'semop', timeout === undefined ? {} : { milliseconds: timeout });
    }
  }

  /** The value of a semaphore of the set, counted from 0. */
  value(number = 0): number {
    return this.#read(number, 0);
  }

  /**
   * The process that last changed it; 0: none, or one in another pid namespace. An undo at a process's end counts too.
   */
  lastPid(number = 0): number {
    return this.#read(number, 1);
  }

  /** How many processes wait for its value to increase. */
  waitingForIncrease(number = 0): number {
    return this.#read(number, 2);
  }

  /** How many processes wait for its value to be zero. */
  waitingForZero(number = 0): number {
    return this.#read(number, 3);
  }

  /** All values. */
  values(): number[] {
    const values = new Uint16Array(this.stat().count);
    this.#check(native.semctlValues(this.#id, values), 'semctl');
    return [...values];
  }

  /** Sets a value; the kernel drops the undo records of all processes for this semaphore. */
  setValue(number: number, value: number): void {
    this.#checkOpen('semctl');
    checkInteger('number', number, 0, 0xffff);
    this.#check(native.semctlSetValue(this.#id, number, checkInteger('value', value, 0, 0x7fff)), 'semctl');
  }

  /** Sets all values, one for each semaphore of the set. */
  setValues(values: readonly number[]): void {
    const count = this.stat().count;
    checkInteger('values.length', values.length, count, count);
    for (const value of values) checkInteger('value', value, 0, 0x7fff);
    this.#check(native.semctlSetValues(this.#id, Uint16Array.from(values)), 'semctl');
  }

  /** The set's entry in the kernel's table. */
  stat(): SemaphoreEntry {
    this.#checkOpen('semctl');
    this.#check(readStat(SEMAPHORE_SET, this.#id), 'semctl');
    return readSet(fields);
  }

  /** Changes the given properties and keeps the rest (IPC_SET). */
  set(options: OwnershipOptions): void {
    writeOwnership(options, this.stat());
    this.#check(native.objectSet(SEMAPHORE_SET, this.#id), 'semctl');
  }

  /** Destroys the set for every process (IPC_RMID). Pending waits get a GoneError. */
  remove(): void {
    this.#checkNamespace('semctl');
    this.#check(native.objectRemove(SEMAPHORE_SET, this.#id), 'semctl');
  }

  /** Closes this handle: its waits are rejected with ECANCELED. The set stays. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waits.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What console.log shows, with the number of pending operations. */
  [INSPECT](_depth: number, options: InspectOptionsStylized, inspect: Inspect): string {
    const state = this.#closed ? { closed: true } : { operations: this.#waits.pending };
    return shown(this, state, options, inspect);
  }

  /** Pending waits keep the process alive; this is the default. */
  ref(): this {
    this.#waits.setRef(true);
    return this;
  }

  /** Pending waits do not keep the process alive. */
  unref(): this {
    this.#waits.setRef(false);
    return this;
  }

  #read(number: number, what: 0 | 1 | 2 | 3): number {
    this.#checkOpen('semctl');
    const result = native.semctlRead(this.#id, checkInteger('number', number, 0, 0xffff), what);
    this.#check(Math.min(result, 0), 'semctl');
    return result;
  }

  #check(result: number, syscall: string): void {
    if (result !== 0) throw this.#error(result, syscall);
  }

  /** For calls that are refused in another IPC namespace. */
  #checkHere(syscall: string): void {
    this.#checkOpen(syscall);
    if (isElsewhere()) throw this.#error(-EXDEV, syscall);
  }

  #checkOpen(syscall: string): void {
    if (this.#closed) throw this.#error(-ECANCELED, syscall);
    this.#checkNamespace(syscall);
  }

  /** In another namespace its id means another set. */
  #checkNamespace(syscall: string): void {
    if (this.#visit !== currentVisit()) throw this.#error(-EXDEV, syscall, { strange: true });
  }

  #error(result: number, syscall: string, more?: Partial<Call>): IpcError {
    const [id, key] = [this.#id, this.#key];
    const call = { syscall, object: 'semaphore set', id, key, limits: readSemaphoreLimits, ...more } as const;
    return objectError(SEMAPHORE_SET, id, result, call);
  }
}

function checkCount({ count, initialValues }: CreateSemaphoreSetOptions): number {
  if (initialValues === undefined) return checkInteger('count', count ?? 1, 1, LARGEST_COUNT);
  checkInteger('initialValues.length', initialValues.length, 1, LARGEST_COUNT);
  return checkInteger('count', count ?? initialValues.length, initialValues.length, initialValues.length);
}
