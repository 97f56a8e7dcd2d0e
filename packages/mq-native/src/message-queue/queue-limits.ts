import { fields, native, QUEUE } from '../native.js';

/** The kernel's limits on queues, and their usage in this IPC namespace. Source: proc(5), msgctl(2). */
export interface QueueLimits {
  /** Largest body of a message, in bytes (kernel.msgmax). */
  readonly maxMessageBytes: number;
  /** Limit of a new queue, in bytes (kernel.msgmnb). */
  readonly maxQueueBytes: number;
  /** Largest number of queues (kernel.msgmni). */
  readonly maxQueues: number;
  /** Existing queues. */
  readonly queues: number;
  /** Messages in all of them. */
  readonly messages: number;
  /** Bytes of the bodies of all of them. */
  readonly bytes: number;
}

/** The limits, or undefined on a platform that does not report them. */
export function readQueueLimits(): QueueLimits | undefined {
  if (native.objectInfo(QUEUE) !== 0) return undefined;
  const [maxMessageBytes = 0, maxQueueBytes = 0, maxQueues = 0, queues = 0, messages = 0, bytes = 0] = fields;
  return { maxMessageBytes, maxQueueBytes, maxQueues, queues, messages, bytes };
}
