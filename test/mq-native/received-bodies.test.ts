import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { privateQueue } from './queue.js';

test('a body that is kept stays as it was, however many messages come after it', (t) => {
  const queue = privateQueue(t);
  const pairs: [Buffer, Buffer][] = [];
  for (let count = 0; count < 400; count++) {
    const sent = randomBytes((count * 37) % 1500);
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
