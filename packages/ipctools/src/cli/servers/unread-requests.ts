import { IpcError, MessageQueue, type QueueEntry } from '@timeq/mq-native';

/** A request to a time server (docs/protocol.md). */
const REQUEST_TYPE = 1;
/** This many requests are enough to say that a server reads none: each scrape would add one more. */
const ENOUGH = 8;
/** Messages of other types may be in front of them. */
const LOOK_AT = 64;

/**
 * Whether a server has left requests unread for as long as it may take to answer one. It is not asked then, so that a
 * server that is stopped does not get a full queue from its monitor.
 * @param now seconds since the epoch
 * @param timeout milliseconds
 */
export function leavesRequestsUnread({ id, receiveTime }: QueueEntry, now: number, timeout: number): boolean {
  if (now - receiveTime <= timeout / 1000) return false;
  let unread = 0;
  try {
    using queue = MessageQueue.fromId(id);
    for (let index = 0; index < LOOK_AT && unread < ENOUGH; index += 1) {
      const message = queue.peek(index);
      if (message === undefined) break;
      if (message.type === REQUEST_TYPE) unread += 1;
    }
  } catch (error) {
    // It is gone, or may not be read: asking tells.
    if (!(error instanceof IpcError)) throw error;
  }
  return unread === ENOUGH;
}
