import type { KnownProcess } from '@timeq/mq-native';
import type { IpcObject } from '../model/ipc-object.js';
import type { BlockedThread } from '../processes/blocked.js';

/** A process that the kernel wrote down beside an object, and what became of it. */
export interface NamedProcess extends KnownProcess {
  /** `last sender`, `last receiver`, `creator`, `last process`, or such a one of what is beside it at the same key. */
  readonly role: string;
  /** When it did what it is named for, in seconds since the epoch; 0: never. */
  readonly time: number;
}

/** What the liveness semaphore beside a queue (docs/liveness.md) says. */
export type SemaphoreEvidence =
  /** A process holds it; its pid is 0 if it belongs to another pid namespace. */
  | { readonly state: 'held'; readonly pid: number }
  /** The kernel lowered it when its holder died. */
  | {
      readonly state: 'lowered';
      readonly pid: number;
      /** Seconds since the epoch. */
      readonly time: number;
      /** Somebody else may have received from the queue since then. */
      readonly usedSince: boolean;
    }
  /** It is lowered, and it can't be known whether a server that held it has died. */
  | {
      readonly state: 'doubtful';
      readonly pid: number;
      readonly doubt: 'elsewhere' | 'hidden' | 'reused' | 'unserved';
    }
  /** There is none at that key, or nobody has raised it yet. */
  | { readonly state: 'none' }
  /** There is a set at that key that follows another convention, or that strangers may change, so it proves nothing. */
  | { readonly state: 'foreign' }
  /** There is one, and it may not be read. */
  | { readonly state: 'unknown' };

/** Everything that the rules judge an object by. */
export interface Evidence {
  readonly object: IpcObject;
  /** Whether this user may read it. */
  readonly readable: boolean;
  readonly semaphore: SemaphoreEvidence;
  /**
   * Threads that wait in a queue now; undefined if none was seen, but there may be some. Of a set: undefined if processes
   * of another pid namespace may have used it.
   */
  readonly blocked: readonly BlockedThread[] | undefined;
  /** Processes that could not be looked at, and may be blocked in it. */
  readonly unseen: readonly number[];
  /** Processes that wait for a semaphore of a set now. */
  readonly waiters: number;
  /** How many times a segment is attached. */
  readonly attachments: number;
  readonly processes: readonly NamedProcess[];
  readonly idleSeconds: number;
  /** How many processes its owner has; undefined where /proc hides them. */
  readonly ownerProcesses: number | undefined;
  /** Messages that wait in a queue. */
  readonly messages: number;
}
