import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue, wallClock } from '@timeq/mq-native';
import { buildRequest } from '@timeq/time-protocol';
import { queueAt } from '../helpers/kernel-table.js';
import { freshType } from '../helpers/keys.js';
import { ASCTIME, ask, askStatus, openQueue, ownServer, readReply, receive } from './server.js';

test('an addressed request is answered at its own type, with its id and nanoseconds between asking and reading', async (t) => {
  const { queue } = await ownServer(t);
  const before = wallClock();
  const reply = await ask(queue, 'time', 'my id');
  const after = wallClock();
  assert.ok(reply.kind === 'time');
  assert.equal(reply.id, 'my id');
  assert.match(reply.asctime, ASCTIME);
  assert.ok(before <= reply.received && reply.received <= reply.time && reply.time <= after);
  assert.equal(reply.sent, reply.time);
});

test('an addressed request is answered at the highest types there are', async (t) => {
  const { queue } = await ownServer(t);
  for (const replyTo of [2 ** 32, Number.MAX_SAFE_INTEGER, 2n ** 53n, 2n ** 63n - 1n]) {
    await queue.send(1, buildRequest({ id: String(replyTo), replyTo }));
    const message = await receive(queue, replyTo);
    assert.equal(message.type, replyTo);
    assert.equal(readReply(message).id, String(replyTo));
  }
});

test('many addressed clients at once each get their own replies only', async (t) => {
  const { key } = await ownServer(t);
  const clients = Array.from({ length: 16 }, async (_, client) => {
    const queue = openQueue(t, key);
    const replyTo = freshType();
    for (let request = 0; request < 200; request += 1) {
      const id = `${client}/${request}`;
      await queue.send(1, buildRequest({ id, replyTo }));
      assert.equal(readReply(await receive(queue, replyTo)).id, id);
    }
  });
  await Promise.all(clients);
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('a status request tells of the server, its queue and what it did', async (t) => {
  const { key, server, queue } = await ownServer(t);
  await ask(queue);
  const status = await askStatus(queue);
  assert.equal(status.pid, server.pid);
  assert.deepEqual(status.served, { classic: 0, addressed: 1, status: 1, refused: 0 });
  assert.deepEqual(status.lost, { unread: 0, unsent: 0 });
  assert.equal(status.queue?.id, queue.id);
  assert.equal(status.queue.key, key);
  assert.equal(status.queue.mode, '0600');
  assert.ok(BigInt(status.startedAt) < wallClock());
  assert.ok(BigInt(status.uptimeNs) > 0n);
});

test('a request with an address that cannot be granted gets an error with a code', async (t) => {
  const { queue } = await ownServer(t);
  const wrong = [
    { fields: { id: 'x', ask: 'weather' }, id: 'x', code: 'UNKNOWN_ASK' },
    { fields: { id: null }, id: null, code: 'BAD_ID' },
    { fields: {}, id: null, code: 'BAD_ID' },
  ];
  for (const { fields, id, code } of wrong) {
    const replyTo = freshType();
    await queue.send(1, JSON.stringify({ timeq: 1, replyTo, ...fields }));
    const reply = readReply(await receive(queue, replyTo));
    assert.ok(reply.kind === 'error');
    assert.equal(reply.id, id);
    assert.equal(reply.error.code, code);
  }
  assert.equal((await askStatus(queue)).served.refused, wrong.length);
});

test('an id that does not fit into a reply gets an error instead', async (t) => {
  const { queue } = await ownServer(t);
  const replyTo = freshType();
  const most = Math.min(MessageQueue.limits().maxMessageBytes, queue.stat().maxBytes);
  const room = most - buildRequest({ id: '', replyTo }).byteLength;
  await queue.send(1, buildRequest({ id: 'x'.repeat(room), replyTo }));
  const reply = readReply(await receive(queue, replyTo));
  assert.ok(reply.kind === 'error');
  assert.equal(reply.id, null);
  assert.equal(reply.error.code, 'REPLY_TOO_LONG');
});
