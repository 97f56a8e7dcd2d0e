import { readFileSync } from 'node:fs';

/** Whether a process is stopped by a signal (SIGSTOP, Ctrl-Z) or a debugger: state T or t in proc(5). */
export function isStopped(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    return /^State:\t[Tt]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
