import type { IpcObject } from '../objects/ipc-object.js';
import type { BlockedThread } from '../processes/blocked.js';
import type { KnownProcess } from '../processes/process.js';

/** A process that the kernel wrote down beside an object, and what became of it. */
export interface NamedProcess extends KnownProcess {
  /** `last sender`, `last receiver`, `creator`, `last process`. */
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
      /** Somebody has received from the queue since then. */
      readonly usedSince: boolean;
    }
  /** There is none at that key, or nobody has raised it yet. */
  | { readonly state: 'none' }
  /** There is a set at that key that follows another convention, so it proves nothing. */
  | { readonly state: 'foreign' }
  /** There is one, and it can't be known what it says. */
  | { readonly state: 'unknown' };

/** Everything that the rules judge an object by. */
export interface Evidence {
  readonly object: IpcObject;
  /** Whether this user may read it. */
  readonly readable: boolean;
  readonly semaphore: SemaphoreEvidence;
  /** Threads that wait in a queue now; undefined if some processes could not be looked at, and none was seen. */
  readonly blocked: readonly BlockedThread[] | undefined;
  /** Processes that could not be looked at, and may be blocked. */
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
