import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { untilBlocked } from '../helpers/threads.js';
import { privateQueue } from './queue.js';

test('a body that is kept stays as it was, however many messages come after it', (t) => {
  const queue = privateQueue(t);
  const pairs: [Buffer, Buffer][] = [];
  const most = Math.min(1500, MessageQueue.limits().maxMessageBytes);
  for (let count = 0; count < 400; count++) {
    const sent = randomBytes((count * 37) % most);
    queue.sendSync(1 + (count % 3), sent);
    const way = count % 4;
    const received =
      way === 0
        ? queue.receiveSync().body
        : way === 1
          ? queue.tryReceive()?.body
          : way === 2
            ? queue.receiveBatch()[0]?.body
            : queue.peek()?.body;
    if (way === 3) queue.receiveSync();
    assert.ok(received);
    pairs.push([received, sent]);
  }
  for (const [received, sent] of pairs) assert.deepEqual(received, sent);
});

test('to write into a body changes no other message, taken before, with it or after', (t) => {
  const queue = privateQueue(t);
  for (let count = 0; count < 20; count++) queue.sendSync(1, 'abcdefg');
  const bodies = [queue.receiveSync().body, ...queue.receiveBatch({ max: 10 }).map(({ body }) => body)];
  bodies.forEach((body, index) => body.fill(index));
  bodies.push(...queue.receiveBatch().map(({ body }) => body));
  bodies.forEach((body, index) =>
    assert.deepEqual(body, index < 11 ? Buffer.alloc(7, index) : Buffer.from('abcdefg')),
  );
});

test('memory of a body that was given away is not received into any more', (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, 'first');
  const { body } = queue.receiveSync();
  // Some Nodes detach it; others refuse, which is as good.
  const { buffer } = body as { buffer: ArrayBuffer & { transfer?: () => ArrayBuffer } };
  try {
    if (buffer.transfer === undefined) structuredClone(buffer, { transfer: [buffer] });
    else buffer.transfer();
  } catch (error) {
    assert.ok(['DataCloneError', 'TypeError'].includes((error as Error).name), String(error));
  }
  for (let count = 0; count < 3; count++) {
    queue.sendSync(1, `then ${count}`);
    assert.equal(queue.receiveSync().body.toString(), `then ${count}`);
    queue.sendSync(1, `then ${count}`);
    assert.equal(queue.receiveBatch()[0]?.body.toString(), `then ${count}`);
  }
});

test("with bodies: 'own' each body has an ArrayBuffer to itself, which can be transferred, however it was received", async (t) => {
  const queue = privateQueue(t);
  const handle = MessageQueue.fromId(queue.id, { bodies: 'own' });
  t.after(() => {
    handle.close();
  });
  const receiving = handle.receive({ type: 9 });
  await untilBlocked('msgrcv');
  for (const type of [9, 1, 2, 3, 4, 5]) queue.sendSync(type, `body ${type}`);
  const bodies = [
    (await receiving).body,
    handle.peek(4)?.body,
    handle.tryReceive({ type: 1 })?.body,
    handle.receiveSync({ type: 2 }).body,
    (await handle.receive({ type: 3 })).body,
    ...handle.receiveBatch().map(({ body }) => body),
  ];
  for (const [index, type] of [9, 5, 1, 2, 3, 4, 5].entries()) {
    const body = bodies[index];
    assert.ok(Buffer.isBuffer(body));
    assert.equal(body.toString(), `body ${type}`);
    assert.equal(body.buffer.byteLength, body.length);
    const moved = structuredClone(body, { transfer: [body.buffer as ArrayBuffer] });
    assert.equal(Buffer.from(moved).toString(), `body ${type}`);
    assert.equal(body.length, 0);
  }
});

test('a copy to hand on has its own bytes and nothing of its slab', (t) => {
  const queue = privateQueue(t);
  for (const body of ['secret', 'handed on']) queue.sendSync(1, body);
  const [, message] = queue.receiveBatch();
  assert.ok(message);
  assert.ok(structuredClone(message.body).buffer.byteLength > 9, 'a clone of the view has all of the slab');
  assert.equal(structuredClone(new Uint8Array(message.body)).buffer.byteLength, 9);
});

test('"bodies" that is neither of its words is refused', (t) => {
  const queue = privateQueue(t);
  for (const bodies of ['Own', true, null]) {
    assert.throws(() => MessageQueue.fromId(queue.id, { bodies: bodies as 'own' }), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
});

test('the memory that the next messages are received into cannot be transferred', (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, 'first');
  const { body } = queue.receiveSync();
  const { port1, port2 } = new MessageChannel();
  t.after(() => {
    port1.close();
  });
  // Node 20 copies it, later ones refuse.
  try {
    port1.postMessage(body, [body.buffer as ArrayBuffer]);
  } catch (error) {
    assert.equal((error as Error).name, 'DataCloneError');
  }
  port2.close();
  assert.equal(body.toString(), 'first');
});
