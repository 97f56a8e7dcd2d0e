import { EPROTO } from '../errors/errno.js';
import { GoneError, IpcError } from '../errors/ipc-error.js';
import type { SemaphoreOperation } from '../semaphore/semaphore-operation.js';
import { SemaphoreSet } from '../semaphore/semaphore-set.js';
import type { WaitOptions } from '../waiting/wait-options.js';

type Operations = readonly SemaphoreOperation[];

/** 1 while somebody holds the lock. Raised with undo: the kernel lowers it when the holder dies. */
const HELD = 0;
/** Acquisitions that were not followed by a release. Raised without undo, so that a death leaves its mark here. */
const DIRTY = 1;

/** Semaphores that a lock takes; whoever adds more puts them after these. */
export const LOCK_SEMAPHORES = 2;

/** What a Condition does in the same step as its lock. */
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
 * The steps of a lock. All of a new set is zero, which is a lock that nobody holds: there is nothing to initialise, and
 * no moment at which a set is there but not a lock yet. To take and to give are one semop each, so a process that is
 * killed has done all of a step or nothing of it.
 */
export class LockSet {
  readonly #waiting: SemaphoreSet;
  /** Never closed: what is held has to be given back after close, too. */
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

  /** The holder's pid; undefined: nobody, 0: a process of another pid namespace. */
  get holder(): number | undefined {
    const pid = this.#always.lastPid(HELD);
    return this.#always.value(HELD) === 0 ? undefined : pid;
  }

  /** Each of these gives the number of acquisitions that were not released, the new one included. */
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

  /** As `take`, for whoever has done the extension's part of it already. */
  async retake(): Promise<number> {
    await this.#waiting.operate(this.#bareTake);
    return this.#taken();
  }

  retakeSync(): number {
    this.#waiting.operateSync(this.#bareTake);
    return this.#taken();
  }

  /**
   * Gives the lock back, and does more in the same step.
   * @returns false if the step can't be done now, because one of `more` can't
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

  /** Gives the lock back for good. A set that was removed is not locked any more. */
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
      // Two tell as much as many, and the value of a semaphore ends at 32767.
      if (dirty > 2) this.#always.tryOperate([{ number: DIRTY, delta: 2 - dirty }]);
      this.#extension.recover();
    }
    return Math.min(dirty, 2);
  }
}
