import type { Key } from '../key.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import type { WaitOptions } from '../waiting/wait-options.js';
import { ofSize, Primitive, type CreatePrimitiveOptions } from './primitive.js';

const NO_OPTIONS = {};
/** 0: clear, which a new set is; 1: set. */
const SEMAPHORES = 1;
/** Succeeds once the value is 1, and changes nothing: so it wakes all waiters. */
const WAIT = [{ delta: -1 }, { delta: 1 }];
const SET = [{ delta: 0 }, { delta: 1 }];
const CLEAR = [{ delta: -1 }];

/**
 * A flag that is set or clear, and that processes wait for. No process holds it, so it stays as it is when one dies.
 *
 * Setting wakes every wait that has reached the kernel, even if the flag is cleared right after. A wait on its way
 * there can miss a flag that is set for a moment only; to miss none, let the waiters clear it.
 */
export class EventFlag extends Primitive {
  private constructor(set: SemaphoreSet) {
    super(set);
  }

  /**
   * Creates a new flag, clear.
   * @throws IpcError EEXIST if the key has a semaphore set, ENOSPC at the limits
   */
  static create(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): EventFlag {
    return new EventFlag(SemaphoreSet.create(key, { ...options, count: SEMAPHORES }));
  }

  /**
   * Opens the flag at a key.
   * @throws IpcError ENOENT; EEXIST if the key has another kind of semaphore set; EACCES
   */
  static open(key: Key): EventFlag {
    return new EventFlag(ofSize(SemaphoreSet.open(key), SEMAPHORES));
  }

  /**
   * Opens the flag at a key, or creates it.
   * @throws IpcError EEXIST if the key has another kind of semaphore set; EACCES, ENOSPC
   */
  static openOrCreate(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): EventFlag {
    return new EventFlag(
      ofSize(SemaphoreSet.openOrCreate(key, { ...options, count: SEMAPHORES }), SEMAPHORES),
    );
  }

  /** Creates a flag without a key; other programs open it by its id. */
  static createPrivate(options: CreatePrimitiveOptions = NO_OPTIONS): EventFlag {
    return new EventFlag(SemaphoreSet.createPrivate({ ...options, count: SEMAPHORES }));
  }

  /**
   * Opens the flag with an id.
   * @throws GoneError if there is none; IpcError EEXIST if that is another kind of semaphore set
   */
  static fromId(id: number): EventFlag {
    return new EventFlag(ofSize(SemaphoreSet.fromId(id), SEMAPHORES));
  }

  /**
   * Sets it and wakes all waiters, in one step.
   * @returns false if it was set already
   */
  set(): boolean {
    return this.semaphores.tryOperate(SET);
  }

  /** @returns false if it was clear already; if several clear it at once, one gets true */
  clear(): boolean {
    return this.semaphores.tryOperate(CLEAR);
  }

  get isSet(): boolean {
    return this.semaphores.value() > 0;
  }

  /**
   * Waits until it is set; at once if it is. A wait costs one thread.
   * @throws IpcError ETIMEDOUT, ECANCELED after close; GoneError; AbortError
   */
  wait(options: WaitOptions = NO_OPTIONS): Promise<void> {
    return this.semaphores.operate(WAIT, options);
  }

  /**
   * Blocks this thread until it is set.
   * @throws IpcError EINTR when a signal with a handler arrives, ETIMEDOUT; GoneError
   */
  waitSync(options: Pick<WaitOptions, 'timeout'> = NO_OPTIONS): void {
    this.semaphores.operateSync(WAIT, options);
  }
}
