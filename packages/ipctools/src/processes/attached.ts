import { hasOwnNumbers, isWholeMachine, PROC, showsEveryProcess, type ProcessSource } from '@timeq/mq-native';
import { codeOf } from '../failure.js';

/** The processes that have segments attached. */
export interface AttachedProcesses {
  /** Their pids, by segment id. */
  readonly bySegment: ReadonlyMap<number, readonly number[]>;
  /** Whether every process could be inspected. */
  readonly complete: boolean;
}

/**
 * A segment's line in /proc/PID/maps: its inode is the id of the segment, and its path has the key. Source: newseg in the
 * kernel's ipc/shm.c; proc(5).
 */
const SEGMENT = /^\S+ \S+ \S+ \S+ (\d+) +\/SYSV[0-9a-f]{8} \(deleted\)$/gm;

function segmentsOf(source: ProcessSource, pid: string, namespace: string): ReadonlySet<number> {
  // Ids of other IPC namespaces mean other segments.
  if (source.link(`${pid}/ns/ipc`) !== namespace) return new Set();
  const ids = source.text(`${pid}/maps`).matchAll(SEGMENT);
  return new Set([...ids].map(([, inode]) => Number(inode)));
}

/**
 * Looks for segments in the memory of every process. That takes permission to trace them: the same user or root.
 * @param namespace the IPC namespace to inspect, as /proc/PID/ns/ipc links to it; this process's own if not given
 */
export function findAttached(
  namespace = PROC.link('self/ns/ipc'),
  source: ProcessSource = PROC,
): AttachedProcesses {
  const bySegment = new Map<number, number[]>();
  let complete = showsEveryProcess(source) && hasOwnNumbers(source) && isWholeMachine(source);
  for (const pid of source.names('')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      for (const id of segmentsOf(source, pid, namespace)) {
        bySegment.set(id, [...(bySegment.get(id) ?? []), Number(pid)]);
      }
    } catch (error) {
      // A process that has ended has nothing attached.
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ESRCH') complete = false;
    }
  }
  return { bySegment, complete };
}
