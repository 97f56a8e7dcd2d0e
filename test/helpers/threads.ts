import { readdirSync, readFileSync } from 'node:fs';
import { until } from './deadline.js';

/** The calls in which a thread can block, as the kernel's function names contain them. */
export type BlockingCall = 'msgrcv' | 'msgsnd' | 'semtimedop' | 'nanosleep';

/** How many threads of a process are blocked in that call. Linux only: /proc/PID/task/TID/wchan. */
export function threadsIn(call: BlockingCall, pid: number = process.pid): number {
  return blockedThreads(call, pid).length;
}

/** The ids of the threads that are blocked in that call. */
export function blockedThreads(call: BlockingCall, pid: number = process.pid): string[] {
  return threadIds(pid).filter((thread) => waitsIn(pid, thread).includes(call));
}

/** Waits until that many threads of a process are blocked in the call. */
export async function untilBlocked(call: BlockingCall, pid: number = process.pid, count = 1): Promise<void> {
  await until(() => {
    if (count > 0 && threadIds(pid).length === 0) {
      throw new Error(`process ${pid} ended before ${count} of its threads were blocked in ${call}`);
    }
    return threadsIn(call, pid) === count;
  }, `${count} threads of process ${pid} blocked in ${call}`);
}

/** Waits until every thread of a process is stopped: after SIGSTOP, a running thread continues until it enters the kernel. */
export async function untilStopped(pid: number): Promise<void> {
  await until(
    () => threadIds(pid).every((thread) => stateOf(pid, thread) === 'T'),
    `process ${pid} to be stopped`,
  );
}

function stateOf(pid: number, thread: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).at(0);
  } catch {
    // The thread has ended in the meantime.
    return undefined;
  }
}

function threadIds(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function waitsIn(pid: number, thread: string): string {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/wchan`, 'utf8');
  } catch {
    // The thread has ended in the meantime.
    return '';
  }
}
