import type { Key } from '../key.js';

/** The kernel's limits that errors name, and what is in use of them; those of the kind of object that a call is about. */
export interface NamedLimits {
  readonly maxMessageBytes?: number;
  readonly maxQueueBytes?: number;
  readonly maxQueues?: number;
  readonly queues?: number;
  readonly maxSets?: number;
  readonly sets?: number;
  readonly maxSemaphores?: number;
  readonly semaphores?: number;
  readonly maxOperations?: number;
  readonly maxSegments?: number;
  readonly segments?: number;
  readonly maxSegmentBytes?: bigint;
}

/** What an error tells about the call that failed. */
export interface Call {
  /** The system call as its man page names it: `msgrcv`. */
  readonly syscall: string;
  readonly object?: 'queue' | 'semaphore set' | 'segment';
  readonly id?: number | undefined;
  readonly key?: Key | undefined;
  readonly path?: string;
  /** Whether its handle was opened in another IPC namespace than the one that is looked into. */
  readonly strange?: boolean;
  /** Size of the body that was to be sent, or room that there was for one. */
  readonly bytes?: number;
  /** What the queue may hold in all, in bytes. */
  readonly limit?: number;
  /** Reads the limits; only where an error names one. */
  readonly limits?: () => NamedLimits | undefined;
  /** The time limit that passed. */
  readonly milliseconds?: number;
}
