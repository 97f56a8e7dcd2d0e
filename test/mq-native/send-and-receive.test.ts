import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpcError, MessageQueue } from '@timeq/mq-native';
import { queueWithId } from '../helpers/kernel-table.js';
import { untilBlocked } from '../helpers/threads.js';
import { anotherHandle, drain, privateQueue } from './queue.js';

test('each form of send fits each form of receive', async (t) => {
  const queue = privateQueue(t);
  const sends: ((body: string) => unknown)[] = [
    (body: string) => queue.send(5, body),
    (body: string) => queue.trySend(5, body),
    (body: string) => queue.sendSync(5, body),
  ];
  const receives = [
    () => queue.receive(),
    () => queue.tryReceive(),
    () => queue.receiveSync(),
    () => queue.receiveBatch()[0],
    async () => (await queue.messages().next()).value,
  ];
  for (const send of sends) {
    for (const receive of receives) {
      const body = `${sends.indexOf(send)} to ${receives.indexOf(receive)}`;
      await send(body);
      const message = await receive();
      assert.equal(message?.type, 5);
      assert.equal(message?.body.toString(), body);
    }
  }
});

test('messages come in the order in which they were sent', async (t) => {
  const queue = privateQueue(t);
  for (let type = 1; type <= 10; type++) await queue.send(type, `body ${type}`);
  for (let type = 1; type <= 10; type++) {
    const message = await queue.receive();
    assert.equal(message.type, type);
    assert.equal(message.body.toString(), `body ${type}`);
  }
});

test('a pending receive gets the message that another handle, or the same one, sends', async (t) => {
  const queue = privateQueue(t);
  for (const sender of [queue, anotherHandle(t, queue)]) {
    const receiving = queue.receive();
    await sender.send(1, 'here');
    assert.equal((await receiving).body.toString(), 'here');
  }
});

test('pending receives with the same selection are served in the order in which they were made', async (t) => {
  const queue = privateQueue(t);
  const receiving = Array.from({ length: 20 }, () => queue.receive());
  await untilBlocked('msgrcv');
  for (let index = 0; index < 20; index++) await queue.send(1, String(index));
  const bodies = (await Promise.all(receiving)).map(({ body }) => Number(body));
  assert.deepEqual(
    bodies,
    Array.from({ length: 20 }, (_, index) => index),
  );
});

test('an empty queue gives undefined to tryReceive and nothing to receiveBatch', (t) => {
  const queue = privateQueue(t);
  assert.equal(queue.tryReceive(), undefined);
  assert.deepEqual(queue.receiveBatch(), []);
});

test('a body is received as the bytes that were sent, in a Buffer of the reader’s own', async (t) => {
  const queue = privateQueue(t);
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  await queue.send(1, bytes);
  await queue.send(1, 'another');
  const first = await queue.receive();
  const second = await queue.receive();
  assert.ok(Buffer.isBuffer(first.body));
  assert.deepEqual(first.body, bytes);
  second.body.fill(0);
  assert.deepEqual(first.body, bytes);
});

test('a string is sent as UTF-8', async (t) => {
  const queue = privateQueue(t);
  for (const text of ['', 'ASCII', 'grüße', '時間', '🕰', '\u0000 NUL \u0000', '\ud800 half a pair']) {
    await queue.send(1, text);
    queue.trySend(1, text);
    queue.sendSync(1, text);
    for (let copy = 0; copy < 3; copy++)
      assert.deepEqual((await queue.receive()).body, Buffer.from(text, 'utf8'));
  }
});

test('any view of bytes is sent as the part that it shows', async (t) => {
  const queue = privateQueue(t);
  const memory = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]);
  const shared = new Uint8Array(new SharedArrayBuffer(4), 1, 2).fill(9);
  for (const view of [memory.subarray(2, 5), Buffer.from(memory.buffer, 1, 3), new Uint8Array(0), shared]) {
    await queue.send(1, view);
    assert.deepEqual((await queue.receive()).body, Buffer.from(view));
  }
});

test('a body may be changed as soon as send has returned', async (t) => {
  const queue = privateQueue(t, { maxBytes: 100 });
  await queue.send(1, Buffer.alloc(100));
  const body = Buffer.from('as it was');
  const sending = queue.send(2, body);
  body.fill('x');
  await untilBlocked('msgsnd');
  const other = Buffer.from('so was this');
  const later = queue.send(2, other);
  other.fill('x');
  queue.tryReceive();
  await Promise.all([sending, later]);
  assert.equal(queue.tryReceive()?.body.toString(), 'as it was');
  assert.equal(queue.tryReceive()?.body.toString(), 'so was this');
});

test('trySend says false when the queue is full, and nothing was sent', (t) => {
  const queue = privateQueue(t, { maxBytes: 10 });
  assert.equal(queue.trySend(1, '123456'), true);
  assert.equal(queue.trySend(2, '12345'), false);
  assert.equal(queue.trySend(3, '1234'), true);
  assert.equal(queue.trySend(4, '1'), false);
  assert.deepEqual(drain(queue), [1, 3]);
});

test('a queue is full by count as well: of empty bodies too there may be only as many as it may hold bytes', async (t) => {
  const queue = privateQueue(t, { maxBytes: 5 });
  for (let count = 0; count < 5; count++) assert.equal(queue.trySend(1, ''), true);
  assert.equal(queue.trySend(2, ''), false);
  const sending = queue.send(3, '');
  await untilBlocked('msgsnd');
  queue.tryReceive();
  await sending;
  assert.deepEqual(drain(queue), [1, 1, 1, 1, 3]);
});

test('a send waits while the queue is full by bytes, and the message is sent when there is room', async (t) => {
  const queue = privateQueue(t, { maxBytes: 10 });
  await queue.send(1, '1234567890');
  let sent = false;
  const sending = queue.send(2, 'later').then(() => (sent = true));
  await untilBlocked('msgsnd');
  assert.equal(sent, false);
  assert.equal(queueWithId(queue.id)?.['qnum'], 1);
  assert.equal(queue.receiveSync().type, 1);
  await sending;
  assert.equal(queue.receiveSync().body.toString(), 'later');
});

test('waiting sends of a handle keep their order, also when a later body would fit sooner', async (t) => {
  const queue = privateQueue(t, { maxBytes: 10 });
  await queue.send(1, '1234567890');
  const sends = [
    queue.send(2, 'eight bytes'.slice(0, 8)),
    queue.send(3, ''),
    queue.send(4, '1'),
    queue.send(5, '22'),
  ];
  assert.equal(queue.trySend(6, ''), false, 'trySend does not overtake them');
  await untilBlocked('msgsnd');
  const order: (number | bigint)[] = [];
  for (let count = 0; count < 5; count++) order.push((await queue.receive()).type);
  await Promise.all(sends);
  assert.deepEqual(order, [1, 2, 3, 4, 5]);
});

test('a send that fails does not hold up those behind it', async (t) => {
  const queue = privateQueue(t, { maxBytes: 100 });
  await queue.send(1, Buffer.alloc(100));
  const first = queue.send(2, 'first', { timeout: 1 });
  const second = queue.send(3, 'second');
  await assert.rejects(first, { code: 'ETIMEDOUT' });
  queue.tryReceive();
  await second;
  assert.deepEqual(drain(queue), [3]);
});

test('a body above what the queue may hold at all is refused at once, since it would wait for ever', async (t) => {
  const queue = privateQueue(t, { maxBytes: 10 });
  await assert.rejects(queue.send(1, '12345678901'), (error: unknown) => {
    assert.ok(error instanceof IpcError);
    assert.match(error.message, /\b11\b.*\b10\b/);
    return true;
  });
});

test('a handle is usable right after another handle on the same queue was closed', async (t) => {
  const queue = privateQueue(t);
  const other = MessageQueue.fromId(queue.id);
  const cancelled = assert.rejects(other.receive(), { code: 'ECANCELED' });
  const receiving = queue.receive();
  other.close();
  await cancelled;
  await queue.send(1, 'still here');
  assert.equal((await receiving).body.toString(), 'still here');
});
