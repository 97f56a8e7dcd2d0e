import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';

/** What is in the kernel's tables, by kind. */
export const LISTS = {
  queues: () => MessageQueue.list(),
  segments: () => SharedMemory.list(),
  semaphores: () => SemaphoreSet.list(),
};
