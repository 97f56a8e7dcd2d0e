import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';

/** What is in the kernel's tables, by kind. */
export const LISTS = {
  queues: () => MessageQueue.list(),
  segments: () => SharedMemory.list(),
  semaphores: () => SemaphoreSet.list(),
};

/** The same to be gone through, more than once if need be, without keeping what has been seen. */
export const TABLES = {
  ...LISTS,
  queues: () => MessageQueue.entries(),
};
