import assert from 'node:assert/strict';
import { test } from 'node:test';
import { privateQueue } from './queue.js';

const tooLarge = {
  name: 'IpcError',
  code: 'EAGAIN',
  message: /^EAGAIN: the body has 101 bytes and this queue holds at most 100, msgsnd .*; raise its maxBytes/,
};

test('a body that even the empty queue has no room for is an error that says so, in every form', async (t) => {
  const queue = privateQueue(t, { maxBytes: 100 });
  const body = Buffer.alloc(101);
  assert.throws(() => queue.trySend(1, body), tooLarge);
  assert.throws(() => queue.trySendBatch([{ type: 1, body }]), tooLarge);
  assert.throws(() => {
    queue.sendSync(1, body);
  }, tooLarge);
  assert.throws(() => {
    queue.sendSync(1, body, { timeout: 50 });
  }, tooLarge);
  await assert.rejects(queue.send(1, body), tooLarge);
  await assert.rejects(queue.send(1, body, { timeout: 0 }), tooLarge);
  assert.equal(queue.stat().messages, 0);
});

test('so it is when the queue is full, too, and behind others that wait', async (t) => {
  const queue = privateQueue(t, { maxBytes: 100 });
  queue.sendSync(1, Buffer.alloc(100));
  assert.throws(() => queue.trySend(1, Buffer.alloc(101)), tooLarge);
  assert.equal(queue.trySend(1, Buffer.alloc(100)), false);
  assert.equal(queue.trySendBatch([{ type: 1, body: 'x' }]), 0);
  const fits = queue.send(2, 'fits');
  const never = assert.rejects(queue.send(3, Buffer.alloc(101)), tooLarge);
  queue.tryReceive();
  await fits;
  await never;
});

test('a batch is sent up to a message that is too large, which is the next call’s error', (t) => {
  const queue = privateQueue(t, { maxBytes: 100 });
  const large = { type: 2, body: Buffer.alloc(101) };
  assert.equal(queue.trySendBatch([{ type: 1, body: 'x' }, large]), 1);
  assert.throws(() => queue.trySendBatch([large]), tooLarge);
});

test('a queue that may hold no bytes has no room for an empty message', async (t) => {
  const queue = privateQueue(t, { maxBytes: 0 });
  const none = { code: 'EAGAIN', message: /the body has 0 bytes and this queue holds at most 0/ };
  assert.throws(() => queue.trySend(1, ''), none);
  await assert.rejects(queue.send(1, ''), none);
});
