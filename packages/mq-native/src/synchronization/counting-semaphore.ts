import { checkInteger } from '../errors/argument-error.js';
import type { Key } from '../key.js';
import type { SemaphoreOperation } from '../semaphore/semaphore-operation.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import type { WaitOptions } from '../waiting/wait-options.js';
import { HeldPermits } from './held-permits.js';
import { ofSize, Primitive, type CreatePrimitiveOptions } from './primitive.js';

/** Options of a new semaphore. */
export interface CreateCountingSemaphoreOptions extends CreatePrimitiveOptions {
  /** The number of permits at first, 0 to 32767. */
  readonly permits: number;
}

/** Options for acquiring. */
export interface AcquireOptions {
  /** How many permits, all at once; 1 if not given. */
  readonly permits?: number | undefined;
  /**
   * Whether the kernel returns them when this process, or this worker, ends; true if not given. False is for permits
   * that are used up, such as one for each item of a buffer.
   */
  readonly undo?: boolean | undefined;
}

const PERMITS = 0;
/** 1 once the first permits were given. Programs that use one semaphore do not see it. */
const INITIALISED = 1;
const SEMAPHORES = 2;
const MOST = 0x7fff;
const NO_OPTIONS = {};

/**
 * A number of permits that processes acquire and release. The kernel returns what a process held when it dies, however
 * it dies. The permits are the first semaphore of the set, so programs in other languages can use them with a plain
 * semop; and the semaphore of such a program can be opened here, if its set has no other.
 */
export class CountingSemaphore extends Primitive {
  /** Never closed: permits have to be released after close, too. */
  readonly #always: SemaphoreSet;

  private constructor(set: SemaphoreSet) {
    super(set);
    this.#always = SemaphoreSet.fromId(set.id);
  }

  /**
   * Creates a new semaphore.
   * @throws IpcError EEXIST if the key has a semaphore set, ENOSPC at the limits
   */
  static create(key: Key, options: CreateCountingSemaphoreOptions): CountingSemaphore {
    const permits = checkPermits(options.permits, 0);
    return initialise(SemaphoreSet.create(key, { mode: options.mode, count: SEMAPHORES }), permits);
  }

  /**
   * Opens the semaphore at a key.
   * @throws IpcError ENOENT; EEXIST if the key has another kind of semaphore set; EACCES
   */
  static open(key: Key): CountingSemaphore {
    return new CountingSemaphore(ofSize(SemaphoreSet.open(key), SEMAPHORES, 1));
  }

  /**
   * Opens the semaphore at a key, or creates it. The first program sets the permits, exactly once.
   * @throws IpcError EEXIST, EINVAL if the key has another kind of semaphore set; EACCES, ENOSPC
   */
  static openOrCreate(key: Key, options: CreateCountingSemaphoreOptions): CountingSemaphore {
    const permits = checkPermits(options.permits, 0);
    const set = SemaphoreSet.openOrCreate(key, { mode: options.mode, count: SEMAPHORES });
    return initialise(ofSize(set, SEMAPHORES), permits);
  }

  /** Creates a semaphore without a key; other programs open it by its id. */
  static createPrivate(options: CreateCountingSemaphoreOptions): CountingSemaphore {
    const permits = checkPermits(options.permits, 0);
    return initialise(SemaphoreSet.createPrivate({ mode: options.mode, count: SEMAPHORES }), permits);
  }

  /**
   * Opens the semaphore with an id.
   * @throws GoneError if there is none; IpcError EEXIST if that is another kind of semaphore set
   */
  static fromId(id: number): CountingSemaphore {
    return new CountingSemaphore(ofSize(SemaphoreSet.fromId(id), SEMAPHORES, 1));
  }

  /**
   * Waits until this many permits are free, and takes them. A wait costs one thread.
   * @throws IpcError ETIMEDOUT, ECANCELED after close; GoneError; AbortError. In all these cases it took nothing
   */
  async acquire(options: AcquireOptions & WaitOptions = NO_OPTIONS): Promise<HeldPermits> {
    const taking = operation(options);
    await this.semaphores.operate([taking], options);
    return new HeldPermits(this.#always, taking);
  }

  /** Takes this many permits if they are free now. */
  tryAcquire(options: AcquireOptions = NO_OPTIONS): HeldPermits | undefined {
    const taking = operation(options);
    return this.semaphores.tryOperate([taking]) ? new HeldPermits(this.#always, taking) : undefined;
  }

  /**
   * Blocks this thread until this many permits are free, and takes them.
   * @throws IpcError EINTR when a signal with a handler arrives, ETIMEDOUT; GoneError
   */
  acquireSync(options: AcquireOptions & Pick<WaitOptions, 'timeout'> = NO_OPTIONS): HeldPermits {
    const taking = operation(options);
    this.semaphores.operateSync([taking], options);
    return new HeldPermits(this.#always, taking);
  }

  /**
   * Adds permits that were never acquired, or that were acquired with `undo: false`. Held permits are released by
   * HeldPermits.release.
   * @throws IpcError ERANGE above 32767 permits (semvmx)
   */
  release(permits = 1): void {
    this.semaphores.tryOperate([{ number: PERMITS, delta: checkPermits(permits, 1) }]);
  }

  /** The number of free permits. */
  get available(): number {
    return this.semaphores.value(PERMITS);
  }
}

function checkPermits(permits: number, least: 0 | 1): number {
  return checkInteger('permits', permits, least, MOST);
}

function operation({ permits, undo }: AcquireOptions): SemaphoreOperation {
  const taking = { number: PERMITS, delta: -checkPermits(permits ?? 1, 1) };
  return undo === false ? taking : { ...taking, undo: 'thread' };
}

/** One step, which only the first program can do, so there is no moment between creation and first value. */
function initialise(set: SemaphoreSet, permits: number): CountingSemaphore {
  const give = permits === 0 ? [] : [{ number: PERMITS, delta: permits }];
  set.tryOperate([{ number: INITIALISED, delta: 0 }, { number: INITIALISED, delta: 1 }, ...give]);
  return CountingSemaphore.fromId(set.id);
}
