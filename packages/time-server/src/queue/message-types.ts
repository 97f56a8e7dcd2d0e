import type { MessageQueue, MessageType } from '@timeq/mq-native';
import { isClassicText } from './classic-text.js';

/** How many messages it looks at: the kernel finds each one by walking from the first. */
const MAX_PEEKS = 4096;

export interface TypeCount {
  readonly count: number;
  /** How many of them tell the time as a classic reply does. */
  readonly classicTexts: number;
}

/**
 * The types of the first 4,096 messages, without taking any. Undefined if the kernel can't show messages (MSG_COPY
 * needs CONFIG_CHECKPOINT_RESTORE; msgrcv(2)).
 */
export function countTypes(queue: MessageQueue): Map<MessageType, TypeCount> | undefined {
  const counts = new Map<MessageType, TypeCount>();
  try {
    for (let index = 0; index < MAX_PEEKS; index += 1) {
      const message = queue.peek(index);
      if (message === undefined) break;
      const { count, classicTexts } = counts.get(message.type) ?? { count: 0, classicTexts: 0 };
      const more = isClassicText(message.body) ? 1 : 0;
      counts.set(message.type, { count: count + 1, classicTexts: classicTexts + more });
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSYS') return undefined;
    throw error;
  }
  return counts;
}
