import type { KnownProcess } from '@timeq/mq-native';
import type { IpcObject } from '../model/ipc-object.js';
import type { Slots } from '../model/slots.js';
import type { BlockedThread } from '../processes/blocked.js';

/** A process that the kernel recorded for an object, and its state. */
export interface NamedProcess extends KnownProcess {
  /** `last sender`, `last receiver`, `creator`, `last process`, or the same of an object beside it at the same key. */
  readonly role: string;
  /** The time of the action that it is recorded for, in seconds since the epoch; 0: never. */
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
      /** Another process may have received from the queue since then. */
      readonly usedSince: boolean;
    }
  /** It is lowered, and it is unknown whether a server that held it has died. */
  | {
      readonly state: 'doubtful';
      readonly pid: number;
      readonly doubt: 'elsewhere' | 'hidden' | 'reused' | 'unserved';
    }
  /** There is no set at that key, or no process has raised it yet. */
  | { readonly state: 'none' }
  /** The set at that key follows another convention, or other users may change it, so it proves nothing. */
  | { readonly state: 'foreign' }
  /** There is a set, and this user may not read it. */
  | { readonly state: 'unknown' };

/** All evidence that the rules use for an object. */
export interface Evidence {
  readonly object: IpcObject;
  /** Whether this user may read it. */
  readonly readable: boolean;
  readonly semaphore: SemaphoreEvidence;
  /**
   * Threads that are blocked in a queue now; undefined if none was seen, but there may be some. Of a set: undefined if
   * processes of another pid namespace may have used it.
   */
  readonly blocked: readonly BlockedThread[] | undefined;
  /** Processes that could not be inspected, and may be blocked in it. */
  readonly unseen: readonly number[];
  /** Processes that wait for a semaphore of a set now. */
  readonly waiters: number;
  /** How many times a segment is attached. */
  readonly attachments: number;
  /** Of a segment: whether it is, or may be, the slots of a bridge. */
  readonly slots?: Slots | undefined;
  readonly processes: readonly NamedProcess[];
  readonly idleSeconds: number;
  /** How many processes its owner has; undefined where /proc hides them. */
  readonly ownerProcesses: number | undefined;
  /** Messages that wait in a queue. */
  readonly messages: number;
}
