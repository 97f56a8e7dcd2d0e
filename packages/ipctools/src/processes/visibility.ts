import { existsSync, readFileSync, statSync } from 'node:fs';
import { ownCapabilities } from './capabilities.js';

/** Whether the file system at /proc is mounted so that it hides the processes of other users. Source: proc(5). */
function isMountedHiding(proc: string): boolean {
  const mounts = readFileSync(`${proc}/self/mounts`, 'latin1').split('\n');
  // The last one at a place is the one that is seen.
  const options = mounts.findLast((line) => line.split(' ')[1] === proc)?.split(' ')[3] ?? '';
  return /(?:^|,)hidepid=(?!0|off)/.test(options);
}

/**
 * Whether /proc shows the processes of every user. Process 1 always exists, so where it doesn't show, others don't
 * either; where it shows because it is this user's own, the mount's options tell.
 */
export function showsEveryProcess(proc = '/proc'): boolean {
  if (!existsSync(`${proc}/1/status`)) return false;
  try {
    if (ownCapabilities().sysPtrace || !isMountedHiding(proc)) return true;
    return statSync(`${proc}/1`).uid !== process.geteuid?.();
  } catch {
    return false;
  }
}
