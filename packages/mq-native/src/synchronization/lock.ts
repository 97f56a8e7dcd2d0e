import { EDEADLK } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import type { Key } from '../key.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import type { WaitOptions } from '../waiting/wait-options.js';
import { HeldLock } from './held-lock.js';
import { LOCK_SEMAPHORES, LockSet } from './lock-set.js';
import { ofSize, Primitive, type CreatePrimitiveOptions } from './primitive.js';

const NO_OPTIONS = {};

/**
 * Mutual exclusion between processes, and between worker threads and tasks of one process. The kernel releases it when
 * its holder dies, however it dies, and the next holder is told (HeldLock.formerHolderDied).
 *
 * It is not re-entrant: a holder that acquires it again waits for itself.
 */
export class Lock extends Primitive {
  readonly #lock: LockSet;

  /** For the static methods; a Condition brings its own set. */
  constructor(set: SemaphoreSet, lock = new LockSet(set)) {
    super(set);
    this.#lock = lock;
  }

  /**
   * Creates a new lock.
   * @throws IpcError EEXIST if the key has a semaphore set, ENOSPC at the limits
   */
  static create(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): Lock {
    return new Lock(SemaphoreSet.create(key, { ...options, count: LOCK_SEMAPHORES }));
  }

  /**
   * Opens the lock at a key.
   * @throws IpcError ENOENT; EEXIST if the key has another kind of semaphore set; EACCES
   */
  static open(key: Key): Lock {
    return new Lock(ofSize(SemaphoreSet.open(key), LOCK_SEMAPHORES));
  }

  /**
   * Opens the lock at a key, or creates it.
   * @throws IpcError EEXIST, EINVAL if the key has another kind of semaphore set; EACCES, ENOSPC
   */
  static openOrCreate(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): Lock {
    const set = SemaphoreSet.openOrCreate(key, { ...options, count: LOCK_SEMAPHORES });
    return new Lock(ofSize(set, LOCK_SEMAPHORES));
  }

  /** Creates a lock without a key; other programs open it by its id. */
  static createPrivate(options: CreatePrimitiveOptions = NO_OPTIONS): Lock {
    return new Lock(SemaphoreSet.createPrivate({ ...options, count: LOCK_SEMAPHORES }));
  }

  /**
   * Opens the lock with an id.
   * @throws GoneError if there is none; IpcError EEXIST if that is another kind of semaphore set
   */
  static fromId(id: number): Lock {
    return new Lock(ofSize(SemaphoreSet.fromId(id), LOCK_SEMAPHORES));
  }

  /**
   * Waits until the lock is free, and takes it. A wait costs one thread.
   * @throws IpcError ETIMEDOUT, ECANCELED after close; GoneError; AbortError. In all these cases it is not held
   */
  async acquire(options: WaitOptions = NO_OPTIONS): Promise<HeldLock> {
    return new HeldLock(this.#lock, await this.#lock.take(options));
  }

  /** Takes the lock if it is free now. */
  tryAcquire(): HeldLock | undefined {
    const dirty = this.#lock.tryTake();
    return dirty === undefined ? undefined : new HeldLock(this.#lock, dirty);
  }

  /**
   * Blocks this thread until the lock is free, and takes it.
   * @throws IpcError EDEADLK if this thread holds it already, EINTR when a signal with a handler arrives, ETIMEDOUT;
   * GoneError
   */
  acquireSync(options: Pick<WaitOptions, 'timeout'> = NO_OPTIONS): HeldLock {
    const held = this.tryAcquire();
    if (held !== undefined) return held;
    if (this.#lock.heldHere) {
      throw new IpcError(EDEADLK, {
        syscall: 'semop',
        object: 'semaphore set',
        id: this.id,
        key: this.key,
      });
    }
    return new HeldLock(this.#lock, this.#lock.takeSync(options));
  }

  /** The pid of its current holder; undefined: not held, 0: a process of another pid namespace. */
  get holder(): number | undefined {
    return this.#lock.holder;
  }
}
