import type { Key } from '../key.js';

/** A semaphore set's entry in the kernel's table. */
export interface SemaphoreEntry {
  readonly key: Key;
  readonly id: number;
  /** Permission bits. */
  readonly mode: number;
  /** Semaphores in the set. */
  readonly count: number;
  readonly uid: number;
  readonly gid: number;
  readonly creatorUid: number;
  readonly creatorGid: number;
  /** Last semop, in whole seconds since the epoch; 0: never, so the set may not have been initialised yet. */
  readonly operateTime: number;
  /** Creation or last semctl that changed something, in whole seconds since the epoch. */
  readonly changeTime: number;
}

/** Doubles in a row of the table, in the order in which native/object.c puts them. */
export const SEMAPHORE_FIELDS = 10;

/** Reads a set from where a row begins. */
export function readSet(fields: Float64Array, row = 0): SemaphoreEntry {
  const at = (field: number): number => fields[row + field] as number;
  return {
    key: at(1),
    id: at(0),
    mode: at(2),
    count: at(7),
    uid: at(3),
    gid: at(4),
    creatorUid: at(5),
    creatorGid: at(6),
    operateTime: at(8),
    changeTime: at(9),
  };
}
