import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Sender } from '#ipctools/cli/sender';
import { putBack, receiveMessages, type ReceivePlan } from '#ipctools/cli/receiver';
import { MessageQueue, type Message } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';

/** Counts the turns of the event loop until something is done. */
async function turnsDuring(action: Promise<unknown>): Promise<number> {
  let [turns, done] = [0, false];
  const count = (): void => {
    turns += 1;
    if (!done) setImmediate(count);
  };
  setImmediate(count);
  await action;
  done = true;
  return turns;
}

const never = new AbortController().signal;
const nothing = (): Promise<void> => Promise.resolve();

function filled(t: TestContext, messages: number): MessageQueue {
  const queue = MessageQueue.create(freshKey(t));
  for (let number = 0; number < messages; number += 1) queue.trySend(1, '');
  return queue;
}

function take(
  queue: MessageQueue,
  plan: Partial<ReceivePlan>,
  deliver: (message: Message) => Promise<void> = nothing,
): ReturnType<typeof receiveMessages> {
  return receiveMessages(queue, { count: Infinity, timeout: 0, signal: never, ...plan }, deliver);
}

test('the event loop goes on turning while many messages are received, so that a signal is seen', async (t) => {
  const queue = filled(t, 1000);
  assert.ok((await turnsDuring(take(queue, {}))) > 5);
  assert.equal(queue.stat().messages, 0);
});

test('the event loop goes on turning while many messages are sent', async (t) => {
  const queue = filled(t, 0);
  const sender = new Sender(queue, 0, never);
  const sending = async (): Promise<void> => {
    for (let number = 0; number < 1000; number += 1) await sender.send({ type: 1, body: Buffer.alloc(0) });
  };
  assert.ok((await turnsDuring(sending())) > 5);
  assert.deepEqual([sender.count, queue.stat().messages], [1000, 1000]);
});

test('a signal ends a receive between two messages, and leaves the rest in the queue', async (t) => {
  const queue = filled(t, 5);
  const stop = new AbortController();
  let taken = 0;
  const result = await take(queue, { signal: stop.signal }, () => {
    taken += 1;
    if (taken === 2) stop.abort();
    return Promise.resolve();
  });
  assert.deepEqual([result, queue.stat().messages], [{ count: 2, end: 'interrupted' }, 3]);
});

test('a signal, or its time, ends a receive that waits', async (t) => {
  const queue = filled(t, 0);
  const stop = new AbortController();
  const receiving = take(queue, { count: 1, timeout: Infinity, signal: stop.signal });
  setImmediate(() => stop.abort());
  assert.deepEqual(await receiving, { count: 0, end: 'interrupted' });
  assert.deepEqual(await take(queue, { count: 1, timeout: 1 }), { count: 0, end: 'timed out' });
});

test('all that is there is all that was wanted, and fewer than a count is not', async (t) => {
  assert.deepEqual(await take(filled(t, 2), {}), { count: 2, end: 'complete' });
  assert.deepEqual(await take(filled(t, 2), { count: 3 }), { count: 2, end: 'timed out' });
  assert.deepEqual(await take(filled(t, 3), { count: 2 }), { count: 2, end: 'complete' });
});

test('a message that can not be delivered is told, and no other is taken', async (t) => {
  const queue = filled(t, 3);
  const error = new Error('no room');
  const result = await take(queue, {}, () => Promise.reject(error));
  assert.deepEqual([result.count, result.end, result.undelivered?.error], [0, 'undelivered', error]);
  assert.equal(queue.stat().messages, 2);
});

test('a message goes back where there is room, and where there is none that is told', async (t) => {
  const queue = filled(t, 1);
  const message = queue.tryReceive();
  assert.ok(message !== undefined);
  assert.deepEqual([putBack(queue, message), queue.stat().messages], [true, 1]);
  queue.set({ maxBytes: 1 });
  assert.deepEqual([putBack(queue, message), queue.stat().messages], [false, 1]);
  queue.remove();
  assert.equal(putBack(queue, message), false);
});

test('a send waits for room as long as it may, and then says that the queue is full', async (t) => {
  const queue = filled(t, 1);
  queue.set({ maxBytes: 1 });
  const message = { type: 1, body: Buffer.alloc(0) };
  for (const timeout of [0, 1]) {
    const sender = new Sender(queue, timeout, never);
    await assert.rejects(sender.send(message), /^(?=.*\bfull\b)(?!.*ETIMEDOUT)/);
    assert.equal(sender.count, 0);
  }
  const sender = new Sender(queue, 60_000, never);
  const sending = sender.send(message);
  queue.tryReceive();
  await sending;
  assert.equal(sender.count, 1);
});
