import { EPROTO } from '../errors/errno.js';
import { GoneError, IpcError } from '../errors/ipc-error.js';
import type { SemaphoreOperation } from '../semaphore/semaphore-operation.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import type { WaitOptions } from '../waiting/wait-options.js';

type Operations = readonly SemaphoreOperation[];

/** 1 while the lock is held. Raised with undo: the kernel lowers it when the holder dies. */
const HELD = 0;
/** Acquisitions without a release. Raised without undo, so a death leaves its mark here. */
const DIRTY = 1;

/** Semaphores of a lock; extensions put theirs after these. */
export const LOCK_SEMAPHORES = 2;

/** What a Condition adds to the steps of its lock. */
export interface LockExtension {
  readonly take: Operations;
  readonly give: Operations;
  /** Called by the new holder of a lock whose former holder died. */
  readonly recover: () => void;
}

const NOTHING: LockExtension = { take: [], give: [], recover: () => undefined };

/** The ids of the sets that this thread has locked. */
const heldHere = new Set<number>();

/**
 * The steps of a lock. A new set is all zero, which is a free lock: it needs no initialisation, and at no moment is a
 * set not yet a lock. Acquiring and releasing are one semop each, so a process that is killed has done all of a step or
 * nothing of it.
 */
export class LockSet {
  readonly #waiting: SemaphoreSet;
  /** Never closed: a held lock has to be released after close, too. */
  readonly #always: SemaphoreSet;
  readonly #extension: LockExtension;
  readonly #bareTake: Operations;
  readonly #take: Operations;

  constructor(set: SemaphoreSet, extension: LockExtension = NOTHING) {
    this.#waiting = set;
    this.#always = SemaphoreSet.fromId(set.id);
    this.#extension = extension;
    this.#bareTake = [
      { number: HELD, delta: 0 },
      { number: HELD, delta: 1, undo: 'thread' },
      { number: DIRTY, delta: 1 },
    ];
    this.#take = [...this.#bareTake, ...extension.take];
  }

  get id(): number {
    return this.#always.id;
  }

  /** Whether this thread holds it. */
  get heldHere(): boolean {
    return heldHere.has(this.id);
  }

  /** The holder's pid; undefined: not held, 0: a process of another pid namespace. */
  get holder(): number | undefined {
    const pid = this.#always.lastPid(HELD);
    return this.#always.value(HELD) === 0 ? undefined : pid;
  }

  /** Each of these returns the number of acquisitions without a release, the new one included. */
  async take(options: WaitOptions): Promise<number> {
    await this.#waiting.operate(this.#take, options);
    return this.#taken();
  }

  tryTake(): number | undefined {
    return this.#waiting.tryOperate(this.#take) ? this.#taken() : undefined;
  }

  takeSync(options: Pick<WaitOptions, 'timeout'>): number {
    this.#waiting.operateSync(this.#take, options);
    return this.#taken();
  }

  /** As `take`, for a caller that has done the extension's part already. */
  async retake(): Promise<number> {
    await this.#waiting.operate(this.#bareTake);
    return this.#taken();
  }

  retakeSync(): number {
    this.#waiting.operateSync(this.#bareTake);
    return this.#taken();
  }

  /**
   * Releases the lock, with more operations in the same step.
   * @returns false if the step is not possible now, because of one of `more`
   */
  give(dirty: number, more: Operations = []): boolean {
    const given = this.#always.tryOperate([
      ...more,
      { number: HELD, delta: -1, undo: 'thread' },
      { number: DIRTY, delta: -dirty },
      ...this.#extension.give,
    ]);
    if (given) heldHere.delete(this.id);
    return given;
  }

  /** Releases the lock for good. A set that was removed is not locked any more. */
  release(dirty: number): void {
    heldHere.delete(this.id);
    try {
      if (this.give(dirty)) return;
    } catch (error) {
      if (error instanceof GoneError) return;
      throw error;
    }
    const { id, key } = this.#always;
    throw new IpcError(EPROTO, { syscall: 'semop', object: 'semaphore set', id, key });
  }

  /** From here on only this thread changes DIRTY. */
  #taken(): number {
    const dirty = this.#always.value(DIRTY);
    heldHere.add(this.id);
    if (dirty > 1) {
      // Two tell as much as many, and a semaphore's value ends at 32767.
      if (dirty > 2) this.#always.tryOperate([{ number: DIRTY, delta: 2 - dirty }]);
      this.#extension.recover();
    }
    return Math.min(dirty, 2);
  }
}
