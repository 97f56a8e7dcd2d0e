import type { TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { trackQueue } from '../helpers/tracking.js';

/** A new private queue that is closed and removed when the test is over. */
export function privateQueue(
  t: TestContext,
  options: { maxBytes?: number; mode?: number } = {},
): MessageQueue {
  const { maxBytes, mode } = options;
  const queue = trackQueue(t, MessageQueue.createPrivate(mode === undefined ? {} : { mode }));
  atEnd(t, () => {
    queue.close();
  });
  if (maxBytes !== undefined) queue.set({ maxBytes });
  return queue;
}

/** Another handle on the same queue, closed when the test is over. */
export function anotherHandle(t: TestContext, queue: MessageQueue): MessageQueue {
  const other = MessageQueue.fromId(queue.id);
  atEnd(t, () => {
    other.close();
  });
  return other;
}

/** The types of all messages that are in the queue, in order; they are taken. */
export function drain(queue: MessageQueue): (number | bigint)[] {
  const types: (number | bigint)[] = [];
  for (let message = queue.tryReceive(); message !== undefined; message = queue.tryReceive())
    types.push(message.type);
  return types;
}
