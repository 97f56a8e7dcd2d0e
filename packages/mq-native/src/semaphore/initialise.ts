import { checkInteger } from '../errors/argument-error.js';
import { ETIMEDOUT } from '../errors/errno.js';
import { IpcError } from '../errors/ipc-error.js';
import type { Key } from '../key.js';
import type { SemaphoreEntry } from './semaphore-fields.js';
import type { SemaphoreOperation } from './semaphore-operation.js';

/** A set, as far as it is given its first values. */
interface NewSet {
  readonly id: number;
  readonly key: Key | undefined;
  setValues(values: readonly number[]): void;
  tryOperate(operations: readonly SemaphoreOperation[]): boolean;
  stat(): SemaphoreEntry;
}

/** How long whoever opens a set waits for its creator, who needs some microseconds. */
export const INITIALISE_MILLISECONDS = 5000;

const LARGEST_VALUE = 0x7fff;

export function checkInitialValues(values: readonly number[]): readonly number[] {
  for (const value of values) checkInteger('initialValues', value, 0, LARGEST_VALUE);
  return values;
}

/**
 * Gives a new set its values, then says that they are there. semget(2) only creates; between that and the first values
 * others can open the set. The mark that they look for is sem_otime: 0 until the first semop, which semctl does not
 * touch. So a semop that changes nothing comes last.
 */
export function initialise(set: NewSet, values: readonly number[]): void {
  set.setValues(values);
  const nothing = values[0] === 0 ? [{ delta: 0 }] : [{ delta: -1 }, { delta: 1 }];
  // Where this can't be done somebody else has operated on the set, which is as good a mark.
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
