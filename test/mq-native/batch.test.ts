import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { untilBlocked } from '../helpers/threads.js';
import { drain, privateQueue } from './queue.js';

test('a batch has what is there now, in order, and leaves the queue empty', (t) => {
  const queue = privateQueue(t);
  for (let type = 1; type <= 50; type++) queue.sendSync(type, 'x'.repeat(type));
  const messages = queue.receiveBatch();
  assert.deepEqual(
    messages.map(({ type, body }) => [type, body.toString()]),
    Array.from({ length: 50 }, (_, index) => [index + 1, 'x'.repeat(index + 1)]),
  );
  assert.deepEqual(queue.receiveBatch(), []);
});

test('a batch has no more than "max" messages, 256 if nothing is said', (t) => {
  const queue = privateQueue(t);
  for (let type = 1; type <= 300; type++) queue.sendSync(type, '');
  assert.equal(queue.receiveBatch({ max: 1 }).length, 1);
  assert.equal(queue.receiveBatch({ max: 10 }).length, 10);
  assert.equal(queue.receiveBatch().length, 256);
  assert.equal(queue.receiveBatch({ max: 1000 }).length, 33);
});

test('a batch takes only what is selected', (t) => {
  const queue = privateQueue(t);
  for (let type = 1; type <= 20; type++) queue.sendSync(1 + (type % 4), String(type));
  assert.equal(queue.receiveBatch({ type: 2 }).length, 5);
  assert.deepEqual(
    queue.receiveBatch({ except: 4 }).map(({ type }) => type),
    [3, 1, 3, 1, 3, 1, 3, 1, 3, 1],
  );
  assert.deepEqual(drain(queue), [4, 4, 4, 4, 4]);
});

test('bodies of a batch do not share what is written into them', (t) => {
  const queue = privateQueue(t);
  for (let count = 0; count < 10; count++) queue.sendSync(1, 'same');
  const messages = queue.receiveBatch();
  messages[0]?.body.fill(0);
  for (const { body } of messages.slice(1)) assert.equal(body.toString(), 'same');
});

test('batches of large bodies are several, and together have everything', (t) => {
  const queue = privateQueue(t);
  const taken: (number | bigint)[] = [];
  const body = Buffer.alloc(Math.min(8000, MessageQueue.limits().maxMessageBytes));
  for (let round = 0; round < 100; round++) {
    queue.sendSync(2 * round + 1, body);
    queue.sendSync(2 * round + 2, body);
    taken.push(...queue.receiveBatch().map(({ type }) => type));
  }
  assert.deepEqual(
    taken,
    Array.from({ length: 200 }, (_, index) => index + 1),
  );
});

test('a batch takes what was not handed to a pending receive, and the receive waits on', async (t) => {
  const queue = privateQueue(t);
  const receiving = queue.receive({ handOver: false });
  await untilBlocked('msgrcv');
  queue.sendSync(1, 'for the batch');
  assert.equal(queue.receiveBatch()[0]?.body.toString(), 'for the batch');
  queue.sendSync(2, 'for the receive');
  assert.equal((await receiving).type, 2);
});

test('a "max" that is no count is refused', (t) => {
  const queue = privateQueue(t);
  for (const max of [0, -1, 1.5, Number.NaN, Infinity]) {
    assert.throws(() => queue.receiveBatch({ max }), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
  }
  assert.throws(() => queue.receiveBatch({ max: '5' as unknown as number }), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
});
