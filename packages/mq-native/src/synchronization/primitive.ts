import { EEXIST } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import { INSPECT, type Inspect, type InspectOptionsStylized } from '../inspection.js';
import type { Key } from '../key.js';
import type { SemaphoreSet } from '../semaphore/semaphore-set.js';

/** Options of a new object. */
export interface CreatePrimitiveOptions {
  /** Permission bits, 0o600 if not given. Its users need permission to read and to write. */
  readonly mode?: number | undefined;
}

/**
 * The common base of Lock, CountingSemaphore, EventFlag and Condition: each is one semaphore set. It belongs to the
 * kernel and outlives processes; `remove` destroys it for every process, `close` ends this handle only.
 */
export abstract class Primitive implements Disposable, AsyncDisposable {
  protected readonly semaphores: SemaphoreSet;

  protected constructor(set: SemaphoreSet) {
    this.semaphores = set;
  }

  /** The id of its semaphore set, by which other programs can open it. */
  get id(): number {
    return this.semaphores.id;
  }

  /** Its key; 0 for a private one, undefined if it is unknown. */
  get key(): Key | undefined {
    return this.semaphores.key;
  }

  /** Destroys it for every process. Pending waits get a GoneError. */
  remove(): void {
    this.semaphores.remove();
  }

  /**
   * Closes this handle: its waits are rejected with ECANCELED. What it has acquired stays held, and can be released.
   */
  close(): void {
    this.semaphores.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What console.log shows: as its semaphore set, under its own name. */
  [INSPECT](depth: number, options: InspectOptionsStylized, inspect: Inspect): string {
    return this.semaphores[INSPECT](depth, options, inspect).replace(/^\w+/, this.constructor.name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}

/**
 * The set, if it has the number of semaphores of this kind.
 * @throws IpcError EEXIST if it has another number, EACCES if it may not be read
 */
export function ofSize(set: SemaphoreSet, ...sizes: readonly number[]): SemaphoreSet {
  if (!sizes.includes(set.stat().count)) {
    throw new IpcError(EEXIST, { syscall: 'semop', object: 'semaphore set', id: set.id, key: set.key });
  }
  // Learning that later, with the lock held, would be too late.
  set.value(0);
  return set;
}
