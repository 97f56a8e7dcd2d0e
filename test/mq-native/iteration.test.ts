import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, type Message } from '@timeq/mq-native';
import { hangMilliseconds } from '../helpers/deadline.js';
import { untilBlocked } from '../helpers/threads.js';
import { anotherHandle, drain, privateQueue } from './queue.js';

test('an iteration gives messages as they come and ends quietly on close', async (t) => {
  const queue = privateQueue(t);
  const seen: string[] = [];
  const iterating = (async () => {
    for await (const { body } of queue.messages()) seen.push(body.toString());
  })();
  for (const body of ['one', 'two', '', 'three']) await queue.send(1, body);
  while (seen.length < 4) await new Promise(setImmediate);
  await untilBlocked('msgrcv');
  queue.close();
  await iterating;
  assert.deepEqual(seen, ['one', 'two', '', 'three']);
});

test('an iteration takes nothing ahead: what was not asked for stays in the queue', async (t) => {
  const queue = privateQueue(t);
  for (let type = 1; type <= 5; type++) await queue.send(type, '');
  for await (const { type } of queue.messages()) {
    if (type === 2) break;
  }
  assert.deepEqual(drain(queue), [3, 4, 5]);
});

test('leaving the loop by an error loses nothing and leaves the handle usable', async (t) => {
  const queue = privateQueue(t);
  await queue.send(1, '');
  await queue.send(2, '');
  await assert.rejects(
    async () => {
      for await (const { type } of queue.messages()) throw new Error(`stopped at ${type}`);
    },
    { message: 'stopped at 1' },
  );
  assert.equal((await queue.receive()).type, 2);
});

test('several iterations with different selections run on one queue', async (t) => {
  const queue = privateQueue(t);
  const seen: Record<string, string[]> = { odd: [], even: [] };
  const iterate = async (type: number, name: string): Promise<void> => {
    for await (const { body } of queue.messages({ type })) {
      seen[name]?.push(body.toString());
      if (body.toString() === 'last') return;
    }
  };
  const both = [iterate(1, 'odd'), iterate(2, 'even')];
  for (let count = 0; count < 100; count++) await queue.send(1 + (count % 2), String(count));
  await queue.send(1, 'last');
  await queue.send(2, 'last');
  await Promise.all(both);
  const numbers = Array.from({ length: 100 }, (_, count) => String(count));
  assert.deepEqual(seen['odd'], [...numbers.filter((_, count) => count % 2 === 0), 'last']);
  assert.deepEqual(seen['even'], [...numbers.filter((_, count) => count % 2 === 1), 'last']);
});

test('an iteration throws when its signal is aborted, and the message that comes then stays', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const next = queue.messages({ signal: controller.signal }).next();
  await untilBlocked('msgrcv');
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(next, (error: Error & { code?: string }) => {
    assert.equal(error.name, 'AbortError');
    assert.equal(error.code, 'ABORT_ERR');
    assert.equal(error.cause, reason);
    return true;
  });
  await queue.send(1, '');
  assert.deepEqual(drain(queue), [1]);
});

test('an iteration throws when the queue is removed', async (t) => {
  const queue = privateQueue(t);
  const iterator = queue.messages();
  const next = iterator.next();
  await untilBlocked('msgrcv');
  queue.remove();
  await assert.rejects(next, GoneError);
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
});

test('an iteration that has ended stays ended', async (t) => {
  const queue = privateQueue(t);
  const iterator = queue.messages();
  await queue.send(1, '');
  assert.deepEqual(await iterator.return?.(), { done: true, value: undefined });
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  assert.deepEqual(drain(queue), [1]);
});

test('a long iteration over a queue that is never empty lets timers have their turn', async (t) => {
  const queue = privateQueue(t);
  let fired = false;
  setTimeout(() => (fired = true), 1);
  queue.sendSync(1, '');
  const end = performance.now() + hangMilliseconds;
  for await (const { type } of queue.messages()) {
    if (fired || performance.now() > end) break;
    queue.sendSync(type, '');
  }
  assert.ok(fired);
});

test('a long row of sends that find room lets timers have their turn', async (t) => {
  const queue = privateQueue(t);
  const timer = { fired: false };
  setTimeout(() => (timer.fired = true), 1);
  const end = performance.now() + hangMilliseconds;
  while (!timer.fired && performance.now() < end) {
    await queue.send(1, '');
    queue.tryReceive();
  }
  assert.ok(timer.fired);
});

test('an iteration over batches gives all that is there, in order, and then waits for more', async (t) => {
  const queue = privateQueue(t);
  const batches = queue.batches();
  for (let type = 1; type <= 5; type++) await queue.send(type, String(type));
  const first = (await batches.next()).value as Message[];
  assert.deepEqual(
    first.map(({ type, body }) => [type, body.toString()]),
    [1, 2, 3, 4, 5].map((type) => [type, String(type)]),
  );
  const next = batches.next();
  await untilBlocked('msgrcv');
  await queue.send(6, '');
  assert.deepEqual(
    ((await next).value as Message[]).map(({ type }) => type),
    [6],
  );
});

test('a batch has no more messages than were asked for, and only of the type', async (t) => {
  const queue = privateQueue(t);
  for (const type of [1, 2, 1, 2, 1, 2, 1]) await queue.send(type, '');
  const sizes: number[] = [];
  for await (const batch of queue.batches({ type: 1, max: 2 })) {
    assert.ok(batch.every(({ type }) => type === 1));
    sizes.push(batch.length);
    if (sizes.length === 2) break;
  }
  assert.deepEqual(sizes, [2, 2]);
  assert.deepEqual(drain(queue), [2, 2, 2]);
});

test('a batch that was waited for has no more messages than were asked for, either', async (t) => {
  const queue = privateQueue(t);
  const sender = anotherHandle(t, queue);
  for (const max of [1, 3]) {
    const next = queue.batches({ max }).next();
    await untilBlocked('msgrcv');
    assert.equal(sender.trySendBatch(Array.from({ length: 5 }, () => ({ type: 1, body: '' }))), 5);
    assert.ok(((await next).value?.length ?? 0) <= max);
    drain(queue);
  }
});

test('two iterations over batches share the messages, and none is lost or doubled', async (t) => {
  const queue = privateQueue(t);
  const seen: number[] = [];
  const receivers = [anotherHandle(t, queue), anotherHandle(t, queue)];
  const iterations = receivers.map(async (receiver) => {
    for await (const batch of receiver.batches({ max: 7 })) {
      for (const { body } of batch) seen.push(Number(body.toString()));
    }
  });
  for (let number = 0; number < 5000; number++) await queue.send(1, String(number));
  while (seen.length < 5000) await new Promise(setImmediate);
  for (const receiver of receivers) receiver.close();
  await Promise.all(iterations);
  assert.deepEqual(
    seen.toSorted((a, b) => a - b),
    Array.from({ length: 5000 }, (_, number) => number),
  );
});

test('an iteration over batches whose signal is aborted takes nothing more', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const batches = queue.batches({ signal: controller.signal });
  await queue.send(1, '');
  assert.equal((await batches.next()).value?.length, 1);
  await queue.send(2, '');
  controller.abort();
  await assert.rejects(batches.next(), { name: 'AbortError' });
  assert.deepEqual(drain(queue), [2]);
});

test('an iteration over batches throws when the queue is removed, and ends quietly on close', async (t) => {
  const removed = privateQueue(t);
  const failing = removed.batches().next();
  await untilBlocked('msgrcv');
  removed.remove();
  await assert.rejects(failing, GoneError);
  const closed = privateQueue(t);
  const ending = closed.batches().next();
  await untilBlocked('msgrcv');
  closed.close();
  assert.deepEqual(await ending, { done: true, value: undefined });
});

test('a size of no batch is an error at once', (t) => {
  const queue = privateQueue(t);
  for (const max of [0, -1, 1.5, Number.NaN]) assert.throws(() => queue.batches({ max }), RangeError);
  assert.throws(() => queue.batches({ type: -1, except: 2 }), RangeError);
});

test('a long iteration over batches of a queue that is never empty lets timers have their turn', async (t) => {
  const queue = privateQueue(t);
  let fired = false;
  setTimeout(() => (fired = true), 1);
  queue.sendSync(1, '');
  const end = performance.now() + hangMilliseconds;
  for await (const batch of queue.batches()) {
    if (fired || performance.now() > end) break;
    for (const { type } of batch) queue.sendSync(type, '');
  }
  assert.ok(fired);
});

test('a message that was handed over before the queue was removed is a batch, and the next step throws', async (t) => {
  const queue = privateQueue(t);
  const sender = anotherHandle(t, queue);
  const batches = queue.batches();
  const next = batches.next();
  await untilBlocked('msgrcv');
  sender.sendSync(1, 'last');
  sender.remove();
  assert.deepEqual(
    ((await next).value as Message[]).map(({ body }) => body.toString()),
    ['last'],
  );
  await assert.rejects(batches.next(), GoneError);
});
