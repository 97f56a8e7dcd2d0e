import { checkInteger, typeError } from '../errors/argument-error.js';
import { fields, IPC_NOWAIT, SEM_UNDO, SEM_UNDO_THREAD } from '../native.js';

/** One step of a semop call. All steps of a call happen at once or not at all. Source: semop(2). */
export interface SemaphoreOperation {
  /** The number of the semaphore in the set, from 0; 0 if not given. */
  readonly number?: number | undefined;
  /** n: add; -n: wait until the value is at least n, then subtract; 0: wait until the value is zero. */
  readonly delta: number;
  /**
   * The kernel undoes the change when this process ends, however it ends (SEM_UNDO). It does not know worker threads:
   * with 'thread' the addon undoes it when this thread ends, too. Then only this thread may reverse it.
   */
  readonly undo?: boolean | 'thread' | undefined;
  /** Whether to wait for this step; true if not given. If false, the call fails instead (IPC_NOWAIT). */
  readonly wait?: boolean | undefined;
}

/** Numbers for one operation in the fields. */
const WIDTH = 3;

function undoFlags(undo: unknown): number {
  if (undo === 'thread') return SEM_UNDO | SEM_UNDO_THREAD;
  if (undo === true) return SEM_UNDO;
  // A misspelt one would keep a permit for ever.
  if (undo !== undefined && undo !== false) throw typeError('undo', "true, false or 'thread'", undo);
  return 0;
}

/**
 * Writes operations into the fields, for the addon.
 * @param wait false: none of them waits
 * @returns the number of operations
 */
export function writeOperations(operations: readonly SemaphoreOperation[], wait: boolean): number {
  if (!Array.isArray(operations)) throw typeError('operations', 'an array', operations);
  const most = Math.floor(fields.length / WIDTH);
  checkInteger('operations.length', operations.length, 1, most);
  const rows = operations.flatMap((operation: SemaphoreOperation) => {
    const number = checkInteger('number', operation.number ?? 0, 0, 0xffff);
    const delta = checkInteger('delta', operation.delta, -0x8000, 0x7fff);
    const nowait = !wait || operation.wait === false ? IPC_NOWAIT : 0;
    return [number, delta, nowait | undoFlags(operation.undo)];
  });
  fields.set(rows);
  return operations.length;
}
