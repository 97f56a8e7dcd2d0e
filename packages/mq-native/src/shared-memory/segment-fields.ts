import type { Key } from '../key.js';
import { SHM_DEST, SHM_LOCKED } from '../native.js';

/** A shared memory segment's entry in the kernel's table. */
export interface SegmentEntry {
  readonly key: Key;
  readonly id: number;
  /** Permission bits. */
  readonly mode: number;
  /** Marked for destruction: the kernel destroys it at the last detach (SHM_DEST). */
  readonly dest: boolean;
  /** Locked into memory: never swapped out (SHM_LOCKED). */
  readonly locked: boolean;
  /** Size in bytes. */
  readonly bytes: number;
  readonly attachments: number;
  readonly creatorPid: number;
  /** Process of the last shmat or shmdt; 0: none, or one in another pid namespace. */
  readonly lastPid: number;
  readonly uid: number;
  readonly gid: number;
  readonly creatorUid: number;
  readonly creatorGid: number;
  /** Last shmat, in whole seconds since the epoch; 0: never. */
  readonly attachTime: number;
  /** Last shmdt, in whole seconds since the epoch; 0: never. */
  readonly detachTime: number;
  /** Creation or last set, in whole seconds since the epoch. */
  readonly changeTime: number;
}

/** Doubles in a row of the table, in the order in which native/object.c puts them. */
export const SEGMENT_FIELDS = 14;

/** Reads a segment from where a row begins. */
export function readSegment(fields: Float64Array, row = 0): SegmentEntry {
  const at = (field: number): number => fields[row + field] as number;
  return {
    key: at(1),
    id: at(0),
    ...readSegmentMode(at(2)),
    bytes: at(7),
    attachments: at(8),
    creatorPid: at(9),
    lastPid: at(10),
    uid: at(3),
    gid: at(4),
    creatorUid: at(5),
    creatorGid: at(6),
    attachTime: at(11),
    detachTime: at(12),
    changeTime: at(13),
  };
}

/** The kernel keeps two flags of a segment above its permission bits. */
export function readSegmentMode(mode: number): Pick<SegmentEntry, 'mode' | 'dest' | 'locked'> {
  return { mode: mode & 0o777, dest: (mode & SHM_DEST) !== 0, locked: (mode & SHM_LOCKED) !== 0 };
}
