import { readNamespaceFile } from '../namespace/read-file.js';
import { fields, native, SEGMENT } from '../native.js';

/** The kernel's limits on shared memory, and their usage in this IPC namespace. Source: proc(5), shmctl(2). */
export interface SegmentLimits {
  /** Largest number of segments (shmmni). */
  readonly maxSegments: number;
  /** Largest segment, in bytes (shmmax). */
  readonly maxSegmentBytes: bigint;
  /** Pages in all segments (shmall). */
  readonly maxTotalPages: bigint;
  /** Smallest segment, in bytes (shmmin). */
  readonly minSegmentBytes: number;
  /** Existing segments. */
  readonly segments: number;
  /** Pages of all segments. */
  readonly pages: number;
  /** Pages of them in memory. */
  readonly residentPages: number;
  /** Pages of them in swap. */
  readonly swappedPages: number;
}

/** 64 bits: more than a double, and more than the fields that C fills, can hold. */
function sysctl(name: string): bigint {
  return BigInt(readNamespaceFile(`/proc/sys/kernel/${name}`).trim());
}

/** The limits, or undefined on a platform that does not report them. */
export function readSegmentLimits(): SegmentLimits | undefined {
  if (native.objectInfo(SEGMENT) !== 0) return undefined;
  const [maxSegments = 0, segments = 0, pages = 0, residentPages = 0, swappedPages = 0] = fields;
  return {
    maxSegments,
    maxSegmentBytes: sysctl('shmmax'),
    maxTotalPages: sysctl('shmall'),
    minSegmentBytes: 1,
    segments,
    pages,
    residentPages,
    swappedPages,
  };
}
