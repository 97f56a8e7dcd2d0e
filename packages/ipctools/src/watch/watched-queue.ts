import type { QueueEntry } from '@timeq/mq-native';
import type { Facts } from '../model/facts.js';
import type { Flows } from './rates.js';

/** A queue in one sample, with the findings from the samples before it. */
export interface WatchedQueue {
  /** Its own in all samples: the kernel gives an id to no other queue until it has gone through thousands. */
  readonly name: string;
  readonly entry: QueueEntry;
  /** The facts at the time of the sample. */
  readonly facts: Facts;
  /** The inode of the IPC namespace that it is in, where others than the own are watched too. */
  readonly namespace: number | undefined;
  /** Undefined in its first sample. */
  readonly flows: Flows | undefined;
  /** Its depth in messages, the newest last. */
  readonly history: readonly number[];
}
