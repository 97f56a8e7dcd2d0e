import { PROC, type ProcessSource } from '@timeq/mq-native';
import { codeOf, isDenied } from '../failure.js';
import { semaphoreSetWaitedFor } from './syscalls.js';

/** A thread that waits for semaphores of a set. */
export interface SetWaiter {
  readonly pid: number;
  readonly tid: number;
}

/**
 * The threads that are blocked in semop or semtimedop on a set, as far as they can be inspected. /proc does not tell for
 * which of its semaphores.
 */
export function findSetWaiters(
  setId: number,
  namespace = PROC.link('self/ns/ipc'),
  source: ProcessSource = PROC,
): readonly SetWaiter[] {
  const threads: SetWaiter[] = [];
  const look = (pid: string): void => {
    for (const tid of source.names(`${pid}/task`)) {
      const thread = `${pid}/task/${tid}`;
      if (semaphoreSetWaitedFor(source.text(`${thread}/syscall`)) !== setId) continue;
      if (source.link(`${thread}/ns/ipc`) === namespace) threads.push({ pid: Number(pid), tid: Number(tid) });
    }
  };
  for (const pid of source.names('')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      look(pid);
    } catch (error) {
      // It has ended, or may not be inspected.
      if (!isDenied(error) && codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ESRCH') throw error;
    }
  }
  return threads;
}
