import { EEXIST } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import { INSPECT, type Inspect, type InspectOptionsStylized } from '../inspection.js';
import type { Key } from '../key.js';
import type { SemaphoreSet } from '../semaphore/semaphore-set.js';

/** How to create. */
export interface CreatePrimitiveOptions {
  /** Permission bits, 0o600 if not given. Whoever is to use it needs to read and to write it. */
  readonly mode?: number | undefined;
}

/**
 * What Lock, CountingSemaphore, EventFlag and Condition have in common: each is one semaphore set. It belongs to the kernel and
 * outlives processes; `remove` destroys it for everybody, `close` ends no more than this handle.
 */
export abstract class Primitive implements Disposable, AsyncDisposable {
  protected readonly semaphores: SemaphoreSet;

  protected constructor(set: SemaphoreSet) {
    this.semaphores = set;
  }

  /** The id of its semaphore set, for others to open it by. */
  get id(): number {
    return this.semaphores.id;
  }

  /** Its key; 0 for a private one, undefined where it can't be known. */
  get key(): Key | undefined {
    return this.semaphores.key;
  }

  /** Destroys it for everybody. Whoever waits gets a GoneError. */
  remove(): void {
    this.semaphores.remove();
  }

  /** Ends this handle: its waits are rejected with ECANCELED. What it has acquired stays, and can be released. */
  close(): void {
    this.semaphores.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What console.log shows: the same as of its semaphore set, under its own name. */
  [INSPECT](depth: number, options: InspectOptionsStylized, inspect: Inspect): string {
    return this.semaphores[INSPECT](depth, options, inspect).replace(/^\w+/, this.constructor.name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}

/**
 * The set, if it can be one of a kind with so many semaphores.
 * @throws IpcError EEXIST if it has another number, EACCES if it may not be read
 */
export function ofSize(set: SemaphoreSet, ...sizes: readonly number[]): SemaphoreSet {
  if (!sizes.includes(set.stat().count)) {
    throw new IpcError(EEXIST, { syscall: 'semop', object: 'semaphore set', id: set.id, key: set.key });
  }
  // Later, with a lock in hand, would be too late to learn that it may not be read.
  set.value(0);
  return set;
}
