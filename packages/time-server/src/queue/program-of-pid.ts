import { readFileSync } from 'node:fs';

/** Whether a program runs with this pid. Threads of the kernel have pids, too, and no command line. */
export function isProgram(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return answersToSignals(pid);
  }
}

/** Where there is no /proc, or it hides the processes of others. */
function answersToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
