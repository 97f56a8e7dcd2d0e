import { readFileSync } from 'node:fs';

/** Whether a program runs with this pid. Kernel threads have pids too, but no command line. */
export function isProgram(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return answersToSignals(pid);
  }
}

/** Without /proc, or where it hides the processes of other users. */
function answersToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
