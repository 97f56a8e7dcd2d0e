import { checkInteger } from '../errors/argument-error.js';
import { ETIMEDOUT } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import type { Key } from '../key.js';
import type { SemaphoreEntry } from './semaphore-fields.js';
import type { SemaphoreOperation } from './semaphore-operation.js';

/** A set that is given its first values. */
interface NewSet {
  readonly id: number;
  readonly key: Key | undefined;
  setValues(values: readonly number[]): void;
  tryOperate(operations: readonly SemaphoreOperation[]): boolean;
  stat(): SemaphoreEntry;
}

/** How long an opener waits for the creator of a set, which needs some microseconds. */
export const INITIALISE_MILLISECONDS = 5000;

const LARGEST_VALUE = 0x7fff;

export function checkInitialValues(values: readonly number[]): readonly number[] {
  for (const value of values) checkInteger('initialValues', value, 0, LARGEST_VALUE);
  return values;
}

/**
 * Gives a new set its values, then marks it as initialised. semget(2) only creates; before the values are set, other
 * programs can open the set. The mark is sem_otime: it is 0 until the first semop, and semctl does not change it. So a
 * semop that changes nothing comes last.
 */
export function initialise(set: NewSet, values: readonly number[]): void {
  set.setValues(values);
  const nothing = values[0] === 0 ? [{ delta: 0 }] : [{ delta: -1 }, { delta: 1 }];
  // If this fails, another process has operated on the set, which is as good a mark.
  set.tryOperate(nothing);
}

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread until the creator of a set has initialised it. */
export function waitUntilInitialised(set: NewSet, milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (set.stat().operateTime === 0) {
    if (performance.now() >= end) {
      throw new IpcError(ETIMEDOUT, { syscall: 'semget', object: 'semaphore set', id: set.id, key: set.key });
    }
    Atomics.wait(clock, 0, 0, 1);
  }
}
