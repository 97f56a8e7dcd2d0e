/** What processes have used up, as Linux counts it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Of a moment; the difference of two is what lies between. */
export interface Usage {
  /** CPU time of all threads, user and system, in microseconds. */
  readonly cpu: number;
  /** How often a thread went to sleep by itself: each is woken as often. */
  readonly sleeps: number;
}

/** Why a case that reads usage can't take part on this machine. */
export function usageMissing(): string | undefined {
  return existsSync('/proc/self/schedstat') ? undefined : 'the kernel has no /proc/PID/schedstat';
}

/**
 * Sums up all threads that the processes have now: what a thread that ended has used is not in it, and of one that
 * runs at this moment some milliseconds may be missing.
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

/** How many threads of the processes are blocked in msgrcv now. */
export function receiving(pids: readonly number[]): number {
  return threads(pids).filter((path) => read(`${path}/wchan`).includes('msgrcv')).length;
}

function threads(pids: readonly number[]): string[] {
  return pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`),
  );
}

/** What the kernel says of a thread; nothing once it has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
