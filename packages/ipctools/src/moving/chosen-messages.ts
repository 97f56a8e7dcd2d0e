import type { MessageType } from '@timeq/mq-native';
import type { QueueCopy } from '../backup/queue-copy.js';
import type { TypeCount } from '../model/queue-content.js';
import { selects } from './selects.js';

/** The first `count` messages of a copy that a type selects, as the copy of a queue that has only those. */
export function chooseMessages(copy: QueueCopy, type: MessageType, count: number): QueueCopy {
  const messages = copy.messages.filter((message) => selects(type, message.type)).slice(0, count);
  const entry = { ...copy.entry, messages: messages.length, bytes: bytesOf({ messages }) };
  return { entry, messages };
}

/** The bytes of all bodies. */
export function bytesOf({ messages }: Pick<QueueCopy, 'messages'>): number {
  return messages.reduce((sum, { body }) => sum + body.length, 0);
}

/** How many messages of each type there are, the lowest type first. */
export function countTypes({ messages }: QueueCopy): TypeCount[] {
  const counts = new Map<MessageType, { messages: number; bytes: number }>();
  for (const { type, body } of messages) {
    const count = counts.get(type) ?? { messages: 0, bytes: 0 };
    counts.set(type, { messages: count.messages + 1, bytes: count.bytes + body.length });
  }
  return [...counts]
    .map(([type, count]) => ({ type, ...count }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
}
