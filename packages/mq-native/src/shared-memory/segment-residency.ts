import { readProcTable } from '../table.js';

/** How much of a segment is in memory and in swap, in bytes. */
export interface SegmentResidency {
  readonly residentBytes: number;
  readonly swappedBytes: number;
}

/** By segment id. Only /proc/sysvipc/shm has these counts; no call of the shmctl family does. */
export function segmentResidency(): Map<number, SegmentResidency> {
  const rows = readProcTable('shm', (column): [number, SegmentResidency] => [
    column('shmid'),
    { residentBytes: column('rss'), swappedBytes: column('swap') },
  ]);
  return new Map(rows);
}
