import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';

/** The kernel's tables, by kind. */
export const LISTS = {
  queues: () => MessageQueue.list(),
  segments: () => SharedMemory.list(),
  semaphores: () => SemaphoreSet.list(),
};

/** The same as iterables, which can be repeated and keep nothing. */
export const TABLES = {
  ...LISTS,
  queues: () => MessageQueue.entries(),
};
