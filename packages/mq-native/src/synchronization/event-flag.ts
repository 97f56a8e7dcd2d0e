import type { Key } from '../key.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import type { WaitOptions } from '../waiting/wait-options.js';
import { ofSize, Primitive, type CreatePrimitiveOptions } from './primitive.js';

const NO_OPTIONS = {};
/** 0: clear, which a new set is; 1: set. */
const SEMAPHORES = 1;
/** Done as soon as the value is 1, and changes nothing: so all who wait are woken. */
const WAIT = [{ delta: -1 }, { delta: 1 }];
const SET = [{ delta: 0 }, { delta: 1 }];
const CLEAR = [{ delta: -1 }];

/**
 * A flag that is set or clear, and that processes wait for. Nobody holds it, so it stays as it is when a process dies.
 *
 * Setting wakes all whose wait has reached the kernel, also if it is cleared right after. A wait that is just on its way
 * there can miss a flag that is set for a moment only; to miss none, let it be cleared by those who have seen it.
 */
export class EventFlag extends Primitive {
  private constructor(set: SemaphoreSet) {
    super(set);
  }

  /**
   * A new flag, clear.
   * @throws IpcError EEXIST if the key has a semaphore set, ENOSPC at the limits
   */
  static create(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): EventFlag {
    return new EventFlag(SemaphoreSet.create(key, { ...options, count: SEMAPHORES }));
  }

  /**
   * The flag that the key has.
   * @throws IpcError ENOENT; EEXIST if the key has another kind of semaphore set; EACCES
   */
  static open(key: Key): EventFlag {
    return new EventFlag(ofSize(SemaphoreSet.open(key), SEMAPHORES));
  }

  /**
   * The flag that the key has, or a new one.
   * @throws IpcError EEXIST if the key has another kind of semaphore set; EACCES, ENOSPC
   */
  static openOrCreate(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): EventFlag {
    return new EventFlag(
      ofSize(SemaphoreSet.openOrCreate(key, { ...options, count: SEMAPHORES }), SEMAPHORES),
    );
  }

  /** A new flag without a key, which others find by its id. */
  static createPrivate(options: CreatePrimitiveOptions = NO_OPTIONS): EventFlag {
    return new EventFlag(SemaphoreSet.createPrivate({ ...options, count: SEMAPHORES }));
  }

  /**
   * The flag of an id.
   * @throws GoneError if there is none; IpcError EEXIST if that is another kind of semaphore set
   */
  static fromId(id: number): EventFlag {
    return new EventFlag(ofSize(SemaphoreSet.fromId(id), SEMAPHORES));
  }

  /**
   * Sets it and wakes all who wait, in one step.
   * @returns false if it was set already
   */
  set(): boolean {
    return this.semaphores.tryOperate(SET);
  }

  /** @returns false if it was clear already; of several who clear it at once, one gets true */
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
   * @throws IpcError EINTR when a signal arrives whose handler is to run, ETIMEDOUT; GoneError
   */
  waitSync(options: Pick<WaitOptions, 'timeout'> = NO_OPTIONS): void {
    this.semaphores.operateSync(WAIT, options);
  }
}
