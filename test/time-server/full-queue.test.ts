import assert from 'node:assert/strict';
import test from 'node:test';
import { FRESH_MS } from '#time-server/queue/unread-replies';
import { MessageQueue } from '@timeq/mq-native';
import { buildRequest } from '@timeq/time-protocol';
import { TimeServer } from '@timeq/time-server';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { atEnd } from '../helpers/cleanup.js';
import { until } from '../helpers/deadline.js';
import { freshKey, freshType } from '../helpers/keys.js';
import { ASCTIME, askClassic, askStatus, openQueue, ownServer, receive } from './server.js';

test('a queue that is full of requests by bytes is answered to the last one', async (t) => {
  await assertAnswersAll(t, 'x'.repeat(512));
});

test('a queue that is full of empty requests by count is answered to the last one', async (t) => {
  // Four times as many as the server leaves unread in the queue.
  await assertAnswersAll(t, '', 4096);
});

test('clients that wait for room in a full queue are served as well', async (t) => {
  const { key, server, queue } = await ownServer(t);
  server.kill('SIGSTOP');
  const filled = fill(queue, 'x'.repeat(512));
  const waiting = Array.from({ length: 8 }, async () => {
    const own = openQueue(t, key);
    return await askClassic(own, 'x'.repeat(512));
  });
  server.kill('SIGCONT');
  for (let reply = 0; reply < filled; reply += 1) await receive(queue, 3);
  for (const reply of await Promise.all(waiting)) assert.match(reply, ASCTIME);
});

test('replies that find no room are dropped in the end, and the server serves on', async (t) => {
  const { server, queue } = await ownServer(t);
  server.kill('SIGSTOP');
  // A stranger's messages fill the queue but for two requests: there is no room for both replies.
  while (queue.trySend(7, 'x'.repeat(1000)));
  while (queue.trySend(7, 'x'.repeat(10)));
  queue.tryReceive({ type: 7 });
  while (queue.trySend(7, 'x'.repeat(990)));
  assert.ok(queue.trySend(1, 'a'));
  assert.ok(queue.trySend(1, 'b'));
  server.kill('SIGCONT');
  await server.waitFor(
    /warning: the queue is full and its messages are not read: dropped \d repl(y|ies)\n/,
    'stderr',
  );
  while (queue.receiveBatch({ type: 7 }).length > 0);
  while (queue.receiveBatch({ type: 3 }).length > 0);
  assert.match(await askClassic(queue), ASCTIME);
  assert.ok((await askStatus(queue)).lost.unsent > 0);
});

test('waiting replies take up a bounded amount of memory, however long the ids are', async (t) => {
  const key = freshKey(t);
  const server = await TimeServer.start({ key });
  t.after(async () => {
    server.stop('the test is over');
    await server.ended;
  });
  const queue = openQueue(t, key);
  // With what is around it, it is a message.
  const bytes = Math.min(4000, Math.floor(MessageQueue.limits().maxMessageBytes / 2));
  const request = buildRequest({ id: 'x'.repeat(bytes), replyTo: freshType() });
  // There is room for one request, but not for its reply, which is longer.
  const { maxBytes } = queue.stat();
  for (let filled = 0; filled < maxBytes - request.byteLength - 10; filled += 1000) {
    await queue.send(7, Buffer.alloc(Math.min(1000, maxBytes - request.byteLength - 10 - filled)));
  }
  const requests = Math.ceil((40 * 1024 * 1024) / bytes);
  for (let sent = 0; sent < requests; sent += 1) await queue.send(1, request);
  await until(() => server.status().served.addressed === requests, 'the answers');
  const { waiting } = server.status();
  assert.ok(waiting * bytes <= 32 * 1024 * 1024, `${waiting} wait`);
});

async function assertAnswersAll(t: test.TestContext, body: string, most?: number): Promise<void> {
  const { server, queue } = await ownServer(t);
  server.kill('SIGSTOP');
  const sent = fill(queue, body, most);
  const since = performance.now();
  server.kill('SIGCONT');
  let read = 0;
  let lost = 0;
  while (read + lost < sent) {
    const reply = queue.tryReceive({ type: 3 });
    if (reply === undefined) {
      const { unread, unsent } = (await askStatus(queue)).lost;
      lost = unread + unsent;
    } else {
      assert.match(reply.body.toString(), ASCTIME);
      read += 1;
    }
  }
  await until(() => queue.stat().messages === 0, 'an empty queue');
  assert.equal(read + lost, sent);
  // No reply is dropped that young. A machine that takes longer may drop some, and says how many.
  if (performance.now() - since < FRESH_MS) assert.equal(lost, 0);
}

/** Sends as many requests as there is room for. */
function fill(queue: MessageQueue, body: string, most = 16_384): number {
  // Where kernel.msgmnb is more, it takes minutes to fill the queue and to empty it.
  queue.set({ maxBytes: Math.min(queue.stat().maxBytes, most) });
  let sent = 0;
  while (queue.trySend(1, body)) sent += 1;
  assert.ok(sent > 1);
  return sent;
}

test('replies that wait for room go out when a client that has read asks again, not only at the next timer', async (t) => {
  const key = freshKey(t);
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const server = await TimeServer.start({ key, lingerMs: 0 });
  atEnd(t, async () => {
    server.abandon();
    await server.ended;
  });
  const queue = openQueue(t, key);
  queue.set({ maxBytes: Math.min(queue.stat().maxBytes, 16_384) });
  const replyTo = freshType();
  let asked = 0;
  const ask = (): void => {
    queue.sendSync(1, buildRequest({ id: asked, replyTo }));
    asked += 1;
  };
  const answered = async (): Promise<void> => {
    while (server.status().served.addressed < asked) await nextTurn();
  };
  // So many that not all replies have room.
  do {
    for (let request = 0; request < 32; request += 1) ask();
    await answered();
  } while (server.status().waiting === 0);
  // Each time there is room for a third of them at least.
  for (let round = 0; round < 10; round += 1) {
    while (queue.tryReceive({ type: replyTo }) !== undefined);
    ask();
    await answered();
  }
  assert.equal(server.status().waiting, 0);
});
