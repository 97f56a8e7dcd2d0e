import type { MessageQueue, MessageType } from '@timeq/mq-native';

/** How far into a queue it looks: the kernel finds each message by walking from the first one. */
const MAX_PEEKS = 4096;

/**
 * How many messages there are of each type among the first 4,096, without taking any. Undefined where the kernel cannot
 * show messages (MSG_COPY needs CONFIG_CHECKPOINT_RESTORE; msgrcv(2)).
 */
export function countTypes(queue: MessageQueue): Map<MessageType, number> | undefined {
  const counts = new Map<MessageType, number>();
  try {
    for (let index = 0; index < MAX_PEEKS; index += 1) {
      const message = queue.peek(index);
      if (message === undefined) break;
      counts.set(message.type, (counts.get(message.type) ?? 0) + 1);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSYS') return undefined;
    throw error;
  }
  return counts;
}
