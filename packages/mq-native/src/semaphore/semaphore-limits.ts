import { fields, native, SEMAPHORE_SET } from '../native.js';

/** The kernel's limits on semaphores, and what is in use of them in this IPC namespace. Source: proc(5), semctl(2). */
export interface SemaphoreLimits {
  /** How many sets there may be (semmni). */
  readonly maxSets: number;
  /** Semaphores in one set (semmsl). */
  readonly maxPerSet: number;
  /** Semaphores in all sets (semmns). */
  readonly maxSemaphores: number;
  /** Operations in one call (semopm). */
  readonly maxOperations: number;
  /** Largest value of a semaphore (semvmx). */
  readonly maxValue: number;
  /** Sets there are. */
  readonly sets: number;
  /** Semaphores in all of them. */
  readonly semaphores: number;
}

/** The limits, or undefined on a platform that does not tell them. */
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
