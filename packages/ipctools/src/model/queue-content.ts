import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';

/** How many messages of one type are in a queue, and their bytes. */
export interface TypeCount {
  readonly type: MessageType;
  readonly messages: number;
  readonly bytes: number;
}

export interface QueueContent {
  /** By type, the lowest first. */
  readonly types: readonly TypeCount[];
  /** The first messages of the queue. */
  readonly first: readonly Message[];
  /** Messages that were looked at. */
  readonly seen: number;
}

/** The kernel walks the queue from its head for each copy, so looking at n messages costs n². */
const MOST_LOOKED_AT = 20_000;

/** Looks at messages without taking them. @throws IpcError EACCES, ENOSYS */
export function lookInto(queue: MessageQueue, firstCount: number, most = MOST_LOOKED_AT): QueueContent {
  const counts = new Map<MessageType, { messages: number; bytes: number }>();
  const first: Message[] = [];
  let seen = 0;
  for (const message of queue.peekAll()) {
    if (seen === most) break;
    seen += 1;
    if (first.length < firstCount) first.push(message);
    const count = counts.get(message.type) ?? { messages: 0, bytes: 0 };
    count.messages += 1;
    count.bytes += message.body.length;
    counts.set(message.type, count);
  }
  const types = [...counts].map(([type, count]) => ({ type, ...count }));
  types.sort((a, b) => (a.type < b.type ? -1 : 1));
  return { types, first, seen };
}
