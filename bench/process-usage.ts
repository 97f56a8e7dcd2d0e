/** The resource usage of processes, as Linux counts it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The totals at one moment; subtract two for the usage in between. */
export interface Usage {
  /** CPU time of all threads, user and system, in microseconds. */
  readonly cpu: number;
  /** Voluntary context switches: how often a thread blocked, and so was woken. */
  readonly sleeps: number;
}

/** Why a case that reads usage can't run on this machine. */
export function usageMissing(): string | undefined {
  return existsSync('/proc/self/schedstat') ? undefined : 'the kernel has no /proc/PID/schedstat';
}

/**
 * Adds up the current threads of the processes. Threads that have ended are not included, and the total may lack
 * some milliseconds of running ones.
 */
export function usageOf(pids: readonly number[]): Usage {
  let nanoseconds = 0;
  let sleeps = 0;
  for (const path of threads(pids)) {
    nanoseconds += Number(read(`${path}/schedstat`).split(' ')[0]);
    sleeps += Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(read(`${path}/status`))?.[1] ?? 0);
  }
  return { cpu: nanoseconds / 1000, sleeps };
}

/** How many threads of the processes are blocked in msgrcv. */
export function receiving(pids: readonly number[]): number {
  return threads(pids).filter((path) => read(`${path}/wchan`).includes('msgrcv')).length;
}

function threads(pids: readonly number[]): string[] {
  return pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`),
  );
}

/** A file of a thread in /proc; empty once the thread has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
