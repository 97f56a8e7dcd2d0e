import type { QueueEntry } from '@timeq/mq-native';
import type { Facts } from './facts.js';
import type { BlockedThread } from '../processes/blocked.js';

/** The threads that are blocked in an object. */
export type Waiting = readonly BlockedThread[];

/**
 * How full a queue is, in percent. A send blocks when the bytes would pass the limit, and also when the messages
 * would (msgop(2)): so the larger of the two counts. Undefined where the limit can't be read.
 */
export function fullness({ bytes, messages, maxBytes }: QueueEntry): number | undefined {
  if (maxBytes === undefined) return undefined;
  return maxBytes === 0 ? 100 : (Math.max(bytes, messages) / maxBytes) * 100;
}

/** Seconds since anything happened to the queue: a send, a receive, or (never used) its creation. */
export function idleSeconds({ sendTime, receiveTime, changeTime }: QueueEntry, now: number): number {
  return Math.max(0, now - Math.max(sendTime, receiveTime, changeTime));
}

const NOBODY: Waiting = [];

/** Who is blocked in the queue; undefined if nobody was seen, but not everybody could be looked at. */
export function waitingIn(entry: QueueEntry, { blocked }: Facts): Waiting | undefined {
  const seen = blocked.byQueue.get(entry.id);
  if (seen !== undefined) return seen;
  const usedElsewhere =
    (entry.lastSendPid === 0 && entry.sendTime !== 0) ||
    (entry.lastReceivePid === 0 && entry.receiveTime !== 0);
  return blocked.complete && !usedElsewhere ? NOBODY : undefined;
}
