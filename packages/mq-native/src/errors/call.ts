import type { Key } from '../key.js';

/** The kernel limits that errors name, with usage, for the kind of object that a call is about. */
interface NamedLimits {
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

/** What an error reports about the call that failed. */
export interface Call {
  /** The system call as its man page names it: `msgrcv`. */
  readonly syscall: string;
  readonly object?: 'queue' | 'semaphore set' | 'segment';
  readonly id?: number | undefined;
  readonly key?: Key | undefined;
  readonly path?: string;
  /** Whether its handle was opened in another IPC namespace than the current one. */
  readonly strange?: boolean;
  /** Size of the body to send, or of the receive buffer. */
  readonly bytes?: number;
  /** The queue's own limit, in bytes. */
  readonly limit?: number;
  /** Reads the limits; only if an error names one. */
  readonly limits?: () => NamedLimits | undefined;
  /** The time limit that passed. */
  readonly milliseconds?: number;
}
