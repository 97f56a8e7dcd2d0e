import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { buildRequest } from '@timeq/time-protocol';
import { TimeServer } from '@timeq/time-server';
import { atEnd } from '../helpers/cleanup.js';
import { deadline, until } from '../helpers/deadline.js';
import { interpose } from '../helpers/interpose.js';
import { freshKey, freshType } from '../helpers/keys.js';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { root, snippetCommand } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { openQueue, readReply, receive } from './server.js';

/** A server in this process, which does nothing while the test looks at its queue or changes it. */
async function startHere(t: TestContext): Promise<{ server: TimeServer; queue: MessageQueue }> {
  const key = freshKey(t);
  const server = await TimeServer.start({ key, lingerMs: 0 });
  atEnd(t, async () => {
    server.abandon();
    await server.ended;
  });
  return { server, queue: openQueue(t, key) };
}

/** Strangers' messages, so many that there is no room for a reply. */
function fill(queue: MessageQueue): void {
  while (queue.trySend(7, Buffer.alloc(100)));
}

function drainStrangers(queue: MessageQueue): void {
  while (queue.receiveBatch({ type: 7 }).length > 0);
}

test('a client gets its replies in order, also those that had to wait for room', async (t) => {
  const { server, queue } = await startHere(t);
  const replyTo = freshType();
  for (let round = 0; round < 10; round += 1) {
    for (let id = 0; id < 20; id += 1) assert.ok(queue.trySend(1, buildRequest({ id, replyTo })));
    fill(queue);
    await until(() => server.status().waiting > 0, 'a reply that waits');
    // There is room again, and a reply that is ready right then must not be the first to use it.
    drainStrangers(queue);
    assert.ok(queue.trySend(1, buildRequest({ id: 20, replyTo })));
    for (let id = 0; id <= 20; id += 1) assert.equal(readReply(await receive(queue, replyTo)).id, id);
    assert.equal(server.status().waiting, 0);
  }
});

test('replies that wait are not sent into the queue that follows one that was removed', async (t) => {
  const { server, queue } = await startHere(t);
  const replyTo = freshType();
  assert.ok(queue.trySend(1, buildRequest({ id: 1, replyTo })));
  fill(queue);
  await until(() => server.status().waiting === 1, 'a reply that waits');
  queue.remove();
  await until(() => server.queueId !== queue.id, 'another queue');
  assert.equal(server.status().waiting, 0);
  const next = openQueue(t, server.key);
  await next.send(1, buildRequest({ id: 2, replyTo }));
  assert.equal(readReply(await receive(next, replyTo)).id, 2);
  assert.equal(next.stat().messages, 0);
});

test('unread replies keep a server from ending for their time and no longer', async (t) => {
  const { server, queue } = await startHere(t);
  assert.ok(queue.trySend(7, 'a stranger’s'));
  server.stop('enough');
  await deadline(server.ended, 'the end of the server');
});

test('a reply that is longer than the queue’s lowered limit waits until the limit is raised', async (t) => {
  const { server, queue } = await startHere(t);
  const { maxBytes } = queue.stat();
  const [id, replyTo] = ['x'.repeat(400), freshType()];
  assert.ok(queue.trySend(1, buildRequest({ id, replyTo })));
  queue.set({ maxBytes: 300 });
  await until(() => server.status().waiting === 1, 'a reply that waits');
  // It is tried in vain, more than once.
  for (let tries = 0; tries < 10; tries += 1) await delay(5);
  queue.set({ maxBytes });
  assert.equal(readReply(await receive(queue, replyTo)).id, id);
});

test('another program’s message that was taken with replies and finds no way back is kept until there is room', async (t) => {
  const { server, queue } = await startHere(t);
  const type = freshType();
  let refused = 0;
  // As when others fill the queue in between.
  interpose(t, MessageQueue.prototype, 'trySend', ({ words, go }) =>
    words[0] === type && String(words[1]) === 'a stranger’s' && refused++ < 3 ? false : go(),
  );
  await queue.send(1, buildRequest({ id: 1, replyTo: type }));
  await queue.send(type, 'a stranger’s');
  await until(() => server.status().lost.unread === 1, 'the taking back of the reply');
  assert.equal((await receive(queue, type)).body.toString(), 'a stranger’s');
  assert.ok(refused > 3);
});

test(
  'replies that are sent together, too, count among the 1,024 that may lie in the queue',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    const source = `
      import { MessageQueue } from '@timeq/mq-native';
      import { TimeServer } from '@timeq/time-server';
      import { setImmediate as turn } from 'node:timers/promises';
      const server = await TimeServer.start({ key: 128, lingerMs: 0 });
      const queue = MessageQueue.open(128);
      // With them the limit is reached in the midst of replies that are sent together.
      for (let strange = 0; strange < 5; strange += 1) queue.sendSync(7, '');
      let most = 0;
      // Until replies have to wait: on a slow machine some are taken back meanwhile.
      for (let asked = 64; server.status().waiting === 0; asked += 64) {
        for (let request = 0; request < 64; request += 1) queue.sendSync(1, '');
        while (server.status().served.classic < asked) await turn();
        most = Math.max(most, queue.stat().messages);
      }
      console.log(most);
      server.stop('done');
      await server.ended;
      queue.close();`;
    const command = inOwnNamespace(process.execPath, snippetCommand(source), { msgmnb: 10_000_000 });
    const { code, stdout, stderr } = await run(t, ...command, { cwd: root });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '1024\n');
  },
);
