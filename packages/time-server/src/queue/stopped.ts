import { readFileSync } from 'node:fs';

/** What to say of a server that is stopped. */
export const STOPPED = ', and is stopped (SIGSTOP)';

/** Whether a process is stopped by a signal (SIGSTOP, Ctrl-Z) or a debugger: state T or t in proc(5). */
export function isStopped(pid: number): boolean {
  try {
    return /^State:\t[Tt]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
