import { setTimeout as delay } from 'node:timers/promises';
import { checkInteger, typeError } from '../errors/argument-error.js';
import { EINTR, EPERM, EPROTO } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import type { Key } from '../key.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import { checkSignal, checkTimeout, type WaitOptions } from '../waiting/wait-options.js';
import { CONDITION_SEMAPHORES, ConditionSet } from './condition-set.js';
import { HeldLock, holdOf, type Hold } from './held-lock.js';
import { Lock } from './lock.js';
import { LockSet } from './lock-set.js';
import { ofSize, Primitive, type CreatePrimitiveOptions } from './primitive.js';

const NO_OPTIONS = {};
/** A token that is not taken within microseconds belongs to a process that is stopped. */
const LET_OTHERS_MILLISECONDS = 1;
/** A process can die between two system calls this often; more often is no coincidence. */
const TRIES = 100;

/**
 * A lock, and a way to wait until another process has changed the data that it protects. A wait releases the lock, and
 * holds it again when it ends.
 *
 * As in every implementation, a wait can end although its condition is false: check again in a loop, or use `waitFor`.
 * Every waiter that waited when it was notified is woken; later waits never take its place. If a process dies that
 * holds the lock, or that was woken and did not release it, another waiter is woken instead and told so
 * (HeldLock.formerHolderDied).
 */
export class Condition extends Primitive {
  /** The lock to hold while you check and change the condition; it belongs to this condition alone. */
  readonly lock: Lock;
  readonly #set: ConditionSet;

  private constructor(semaphores: SemaphoreSet) {
    super(semaphores);
    this.#set = new ConditionSet(semaphores);
    this.lock = new Lock(semaphores, new LockSet(semaphores, this.#set.lockExtension));
  }

  /**
   * Creates a new condition.
   * @throws IpcError EEXIST if the key has a semaphore set, ENOSPC at the limits
   */
  static create(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): Condition {
    return new Condition(SemaphoreSet.create(key, { ...options, count: CONDITION_SEMAPHORES }));
  }

  /**
   * Opens the condition at a key.
   * @throws IpcError ENOENT; EEXIST if the key has another kind of semaphore set; EACCES
   */
  static open(key: Key): Condition {
    return new Condition(ofSize(SemaphoreSet.open(key), CONDITION_SEMAPHORES));
  }

  /**
   * Opens the condition at a key, or creates it.
   * @throws IpcError EEXIST, EINVAL if the key has another kind of semaphore set; EACCES, ENOSPC
   */
  static openOrCreate(key: Key, options: CreatePrimitiveOptions = NO_OPTIONS): Condition {
    const set = SemaphoreSet.openOrCreate(key, { ...options, count: CONDITION_SEMAPHORES });
    return new Condition(ofSize(set, CONDITION_SEMAPHORES));
  }

  /** Creates a condition without a key; other programs open it by its id. */
  static createPrivate(options: CreatePrimitiveOptions = NO_OPTIONS): Condition {
    return new Condition(SemaphoreSet.createPrivate({ ...options, count: CONDITION_SEMAPHORES }));
  }

  /**
   * Opens the condition with an id.
   * @throws GoneError if there is none; IpcError EEXIST if that is another kind of semaphore set
   */
  static fromId(id: number): Condition {
    return new Condition(ofSize(SemaphoreSet.fromId(id), CONDITION_SEMAPHORES));
  }

  /**
   * Releases the lock, waits for a notification, and acquires the lock again. A signal or a timeout ends the wait; it
   * acquires the lock again before it throws the error, however long that takes.
   * @param held this condition's lock
   * @throws IpcError ETIMEDOUT, AbortError: the lock is held again. ECANCELED after close, GoneError, EAGAIN if no thread can
   * be started: it is not (`held.held`). EPERM if it was not held before
   */
  async wait(held: HeldLock, options: WaitOptions = NO_OPTIONS): Promise<void> {
    const hold = this.#holding(held);
    checkTimeout(options.timeout);
    checkSignal(options.signal);
    if (!this.#begin(hold)) {
      await delay(LET_OTHERS_MILLISECONDS);
      enter(hold, await hold.lock.take(NO_OPTIONS));
      return;
    }
    const failure = await this.#set.wait(options).then(
      () => undefined,
      (error: Error) => error,
    );
    const owing = failure === undefined || this.#set.withdraw();
    try {
      enter(hold, await (owing ? hold.lock.retake() : hold.lock.take(NO_OPTIONS)));
    } catch (error) {
      if (owing) this.#set.passOn();
      throw error;
    }
    if (!owing) throw failure;
  }

  /**
   * As `wait`, but blocks this thread.
   * @throws as wait; IpcError EINTR when a signal with a handler arrives: the lock is held again
   */
  waitSync(held: HeldLock, options: Pick<WaitOptions, 'timeout'> = NO_OPTIONS): void {
    const hold = this.#holding(held);
    checkTimeout(options.timeout);
    if (!this.#begin(hold)) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LET_OTHERS_MILLISECONDS);
      enter(
        hold,
        uninterrupted(() => hold.lock.takeSync(NO_OPTIONS)),
      );
      return;
    }
    let failure: unknown;
    try {
      this.#set.waitSync(options);
    } catch (error) {
      failure = error;
    }
    const owing = failure === undefined || this.#set.withdraw();
    try {
      enter(
        hold,
        uninterrupted(() => (owing ? hold.lock.retakeSync() : hold.lock.takeSync(NO_OPTIONS))),
      );
    } catch (error) {
      if (owing) this.#set.passOn();
      throw error;
    }
    if (!owing) throw failure;
  }

  /**
   * Waits until `predicate` is true. It is called with the lock held: once at first, then after each notification.
   * @param options.timeout for all of it, in milliseconds
   * @throws as wait
   */
  async waitFor(held: HeldLock, predicate: () => boolean, options: WaitOptions = NO_OPTIONS): Promise<void> {
    this.#holding(held);
    const timeout = checkTimeout(options.timeout);
    const end = performance.now() + (timeout ?? Infinity);
    while (!predicate()) {
      await this.wait(held, { ...options, timeout: Math.max(0, end - performance.now()) });
    }
  }

  /**
   * Wakes one waiter, or up to `most`. They go on one after the other, as each acquires the lock.
   * @param held this condition's lock
   * @returns how many were woken
   */
  notify(held: HeldLock, most = 1): number {
    this.#holding(held);
    return this.#set.notify(checkInteger('most', most, 1, 2 ** 31 - 1));
  }

  /** Wakes all waiters. @returns how many */
  notifyAll(held: HeldLock): number {
    this.#holding(held);
    return this.#set.notify(Infinity);
  }

  #holding(held: HeldLock): Hold {
    if (!(held instanceof HeldLock)) throw typeError('held', 'what lock.acquire() gave', held);
    const hold = holdOf(held);
    if (hold.dirty === 0 || hold.lock.id !== this.id) throw this.#error(EPERM);
    return hold;
  }

  /**
   * Releases the lock and begins to wait.
   * @returns false if it only released the lock: notified waiters have still to wake up, and a new wait could take their
   * notification
   */
  #begin(hold: Hold): boolean {
    const { dirty } = hold;
    for (let tries = 0; tries < TRIES; tries++) {
      if (hold.lock.give(dirty, this.#set.begin)) {
        hold.dirty = 0;
        return true;
      }
      if (this.#set.tokensLeft) {
        hold.dirty = 0;
        hold.lock.release(dirty);
        return false;
      }
    }
    throw this.#error(EPROTO);
  }

  #error(errno: number): IpcError {
    return new IpcError(errno, { syscall: 'semop', object: 'semaphore set', id: this.id, key: this.key });
  }
}

function enter(hold: Hold, dirty: number): void {
  hold.dirty = dirty;
  hold.formerHolderDied = dirty > 1;
}

/** Signal handlers run once the lock is held again: a wait must not end without it. */
function uninterrupted(take: () => number): number {
  for (;;) {
    try {
      return take();
    } catch (error) {
      if (!(error instanceof IpcError) || error.errno !== EINTR) throw error;
    }
  }
}
