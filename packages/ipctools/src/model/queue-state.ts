import type { QueueEntry } from '@timeq/mq-native';
import type { Facts } from './facts.js';
import type { BlockedThread } from '../processes/blocked.js';

/** The threads that are blocked in an object. */
export type Waiting = readonly BlockedThread[];

/**
 * How full a queue is, in percent. A send blocks if the bytes would pass the limit, and also if the number of messages
 * would (msgop(2)): so the larger of the two counts. Undefined if the limit can't be read.
 */
export function fullness({ bytes, messages, maxBytes }: QueueEntry): number | undefined {
  if (maxBytes === undefined) return undefined;
  return maxBytes === 0 ? 100 : (Math.max(bytes, messages) / maxBytes) * 100;
}

/** Seconds since the queue was last used or changed: a send, a receive, or (never used) its creation. */
export function idleSeconds({ sendTime, receiveTime, changeTime }: QueueEntry, now: number): number {
  return Math.max(0, now - Math.max(sendTime, receiveTime, changeTime));
}

const NO_THREADS: Waiting = [];

/** The blocked threads of the queue; undefined if none was seen, but not every process could be inspected. */
export function waitingIn(entry: QueueEntry, { blocked }: Facts): Waiting | undefined {
  const seen = blocked.byQueue.get(entry.id);
  if (seen !== undefined) return seen;
  const usedElsewhere =
    (entry.lastSendPid === 0 && entry.sendTime !== 0) ||
    (entry.lastReceivePid === 0 && entry.receiveTime !== 0);
  return blocked.complete && !usedElsewhere ? NO_THREADS : undefined;
}
