import assert from 'node:assert/strict';
import type { MessageQueue } from '@timeq/mq-native';
import { deadline } from '../helpers/deadline.js';
import { untilBlocked } from '../helpers/threads.js';

/** Of the messages that the waits below wait for. */
export const awaitedType = 77;

/**
 * A wait whose thread the kernel has just handed a message, of which the event loop knows nothing yet.
 * @param begin begins the wait, of the type above
 */
export async function untilHanded<T>(
  queue: MessageQueue,
  begin: () => Promise<T>,
  body = 'in the thread’s hands',
): Promise<Promise<T>[]> {
  const waiting = begin();
  await deadline(untilBlocked('msgrcv'), 'a thread in msgrcv');
  queue.sendSync(awaitedType, body);
  assert.equal(queue.stat().messages, 0, 'the thread has it');
  // In an array: awaited as it is, it would be waited for.
  return [waiting];
}
