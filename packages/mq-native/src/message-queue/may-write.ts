import type { QueueStat } from './queue-fields.js';

const READ = 4;
const WRITE = 2;

/** The three bits of the mode that count for this process. Source: ipcperms() of the kernel. */
function granted({ mode, uid, creatorUid, gid, creatorGid }: QueueStat): number {
  const user = process.geteuid?.();
  if (user === uid || user === creatorUid) return mode >> 6;
  const groups = [process.getegid?.(), ...(process.getgroups?.() ?? [])];
  if (groups.includes(gid) || groups.includes(creatorGid)) return mode >> 3;
  return mode;
}

/** Whether a process that was able to read a queue may write to it, too. */
export function mayWrite(queue: QueueStat): boolean {
  const bits = granted(queue);
  // Who reads without being allowed to has a capability that allows everything.
  return (bits & WRITE) !== 0 || (bits & READ) === 0;
}
