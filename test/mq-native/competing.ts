import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { MessageQueue, Selection } from '@timeq/mq-native';
import { deadline } from '../helpers/deadline.js';
import { untilBlocked } from '../helpers/threads.js';

/** Of the messages that the waits below lose to somebody else. */
export const contestedType = 77;

/**
 * Takes each message away from a wait for it, until the thread behind it is handed one by the kernel: from then on the
 * handle's waits of that selection take.
 */
export async function compete(
  queue: MessageQueue,
  selection: Selection = { type: contestedType },
): Promise<void> {
  const receiving = queue.receive(selection);
  do {
    await turn();
    queue.sendSync(contestedType, 'contested');
  } while (queue.tryReceive(selection) !== undefined);
  assert.equal((await receiving).body.toString(), 'contested');
}

/** The same as a function in JavaScript, for a process or a worker of its own. */
export const competeSource = `async function compete(queue, type = ${contestedType}) {
  const receiving = queue.receive({ type });
  do {
    await new Promise(setImmediate);
    queue.sendSync(type, 'contested');
  } while (queue.tryReceive({ type }) !== undefined);
  await receiving;
}`;

/**
 * A wait whose thread has just been handed a message, of which the event loop knows nothing yet.
 * @param begin begins the wait, of the type that is contested
 */
export async function handOver<T>(
  queue: MessageQueue,
  begin: () => Promise<T>,
  body = 'in the thread’s hands',
): Promise<Promise<T>[]> {
  await compete(queue);
  const waiting = begin();
  await deadline(untilBlocked('msgrcv'), 'a thread in msgrcv');
  queue.sendSync(contestedType, body);
  assert.equal(queue.stat().messages, 0, 'the thread has it');
  // In an array: awaited as it is, it would be waited for.
  return [waiting];
}
