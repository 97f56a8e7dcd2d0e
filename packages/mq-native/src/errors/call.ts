import type { Key } from '../key.js';

/** What an error tells about the call that failed. */
export interface Call {
  /** The system call as its man page names it: `msgrcv`. */
  readonly syscall: string;
  readonly object?: 'queue' | 'semaphore set' | 'segment';
  readonly id?: number | undefined;
  readonly key?: Key | undefined;
  readonly path?: string;
  /** Size of the body that was to be sent, or room that there was for one. */
  readonly bytes?: number;
  /** What the queue may hold in all, in bytes. */
  readonly limit?: number;
  /** The time limit that passed. */
  readonly milliseconds?: number;
}
