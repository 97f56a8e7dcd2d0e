import { fields, native, SEMAPHORE_SET } from '../native.js';

/** The kernel's limits on semaphores, and their usage in this IPC namespace. Source: proc(5), semctl(2). */
export interface SemaphoreLimits {
  /** Largest number of sets (semmni). */
  readonly maxSets: number;
  /** Semaphores in one set (semmsl). */
  readonly maxPerSet: number;
  /** Semaphores in all sets (semmns). */
  readonly maxSemaphores: number;
  /** Operations in one call (semopm). */
  readonly maxOperations: number;
  /** Largest value of a semaphore (semvmx). */
  readonly maxValue: number;
  /** Existing sets. */
  readonly sets: number;
  /** Semaphores in all of them. */
  readonly semaphores: number;
}

/** The limits, or undefined on a platform that does not report them. */
export function readSemaphoreLimits(): SemaphoreLimits | undefined {
  if (native.objectInfo(SEMAPHORE_SET) !== 0) return undefined;
  const [
    maxSets = 0,
    maxPerSet = 0,
    maxSemaphores = 0,
    maxOperations = 0,
    maxValue = 0,
    sets = 0,
    semaphores = 0,
  ] = fields;
  return { maxSets, maxPerSet, maxSemaphores, maxOperations, maxValue, sets, semaphores };
}
