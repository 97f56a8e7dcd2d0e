import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { MessageQueue } from '@timeq/mq-native';
import { ASCTIME_BYTES, buildRequest } from '@timeq/time-protocol';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { until } from '../helpers/deadline.js';
import { freshKey, freshType } from '../helpers/keys.js';
import { root, runSnippet, snippetCommand, startSnippet } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { ask, askClassic, askStatus, openQueue, ownServer, readReply, receive } from './server.js';

test('replies of clients that died are taken back, and the next client is told the time of now', async (t) => {
  const { server, queue } = await ownServer(t);
  for (let dead = 0; dead < 20; dead += 1) await queue.send(1, '');
  await untilTakenBack(queue, 20);
  assert.equal(queue.stat().messages, 0);
  const before = Math.floor(Date.now() / 1000);
  const told = Date.parse(`${await askClassic(queue)} ${utcOffset()}`) / 1000;
  assert.ok(told >= before && told <= Date.now() / 1000, `told ${told}, asked at ${before}`);
  assert.equal((await askStatus(queue)).served.classic, 21);
  assert.equal((await server.killed('SIGTERM')).code, 0);
});

test('unread addressed replies are taken back', async (t) => {
  const { queue } = await ownServer(t);
  for (let dead = 0; dead < 5; dead += 1)
    await queue.send(1, buildRequest({ id: dead, replyTo: freshType() }));
  await untilTakenBack(queue, 5);
  assert.equal(queue.stat().messages, 0);
});

test('one dead client that left more requests than the queue holds does not keep the others from being served', async (t) => {
  const { queue } = await ownServer(t);
  const room = Math.ceil(queue.stat().maxBytes / ASCTIME_BYTES);
  for (let dead = 0; dead < 10 * room; dead += 1) await queue.send(1, '');
  await ask(queue);
  await askClassic(queue);
  await until(async () => {
    const { lost, waiting } = await askStatus(queue);
    return lost.unread > 0 && waiting === 0;
  }, 'the taking back of all replies');
});

test('a server can end while replies of dead clients wait for the room of others', async (t) => {
  const key = freshKey(t);
  const source = `
    import { MessageQueue } from '@timeq/mq-native';
    import { buildRequest } from '@timeq/time-protocol';
    import { TimeServer } from '@timeq/time-server';
    import { setImmediate as turn } from 'node:timers/promises';
    const key = Number(process.argv[1]);
    const server = await TimeServer.start({ key });
    const queue = MessageQueue.open(key);
    // Not all replies of the dead have room: kernel.msgmnb may be more than usual.
    queue.set({ maxBytes: Math.min(queue.stat().maxBytes, 16_384) });
    for (let dead = 0; dead < 300; dead += 1) await queue.send(1, buildRequest({ id: dead, replyTo: 2 ** 40 + dead }));
    while (server.status().lost.unread === 0) await turn();
    console.log(server.status().waiting > 0);
    server.stop('enough');
    await server.ended;
    queue.close();`;
  const { code, stdout, stderr } = await runSnippet(t, source, [key]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'true\n');
});

test('a living client gets all of its replies while those of dead ones are taken back', async (t) => {
  const { key, queue } = await ownServer(t);
  const replyTo = freshType();
  let asked = 0;
  const stopped = new AbortController();
  const living = (async () => {
    while (!stopped.signal.aborted) {
      asked += 1;
      await queue.send(1, buildRequest({ id: asked, replyTo }));
      assert.equal(readReply(await receive(queue, replyTo)).id, asked);
      await delay(1);
    }
  })();
  const classic = openQueue(t, key);
  for (let dead = 0; dead < 10; dead += 1) {
    await classic.send(1, '');
    await classic.send(1, buildRequest({ id: dead, replyTo: freshType() }));
  }
  await until(
    async () => (await askStatus(classic)).lost.unread === 20,
    'that all 20 replies were taken back',
  );
  stopped.abort();
  await living;
  assert.equal((await askStatus(classic)).served.addressed, asked + 10);
});

test('replies of dead clients go also while a living one keeps asking now and then, and it loses none of its own', async (t) => {
  const { key } = await ownServer(t);
  const dead = openQueue(t, key);
  for (let reply = 0; reply < 100; reply += 1) await dead.send(1, '');
  const living = openQueue(t, key);
  await until(async () => {
    await askClassic(living);
    await delay(200);
    return (await askStatus(living)).lost.unread > 0;
  }, 'the taking back of replies');
  await untilTakenBack(living, 100);
  await askClassic(living);
  assert.equal(living.stat().messages, 0);
});

test(
  'no more than 1,024 replies lie in a large queue unread; the others wait until there is room among them',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    const source = `
      import { MessageQueue } from '@timeq/mq-native';
      import { TimeServer } from '@timeq/time-server';
      import { setImmediate as turn } from 'node:timers/promises';
      const server = await TimeServer.start({ key: 128 });
      const queue = MessageQueue.open(128);
      // With them the limit is reached in the midst of replies that are sent together.
      for (let strange = 0; strange < 5; strange += 1) queue.sendSync(7, '');
      for (let request = 0; request < 5000; request += 1) queue.sendSync(1, '');
      while (server.status().served.classic < 5000) await turn();
      // The last of them have waited for the next look.
      while (server.status().waiting > 5000 - 1019) await turn();
      const { messages } = queue.stat();
      for (let reply = 0; reply < 5000; reply += 1) await queue.receive({ type: 3 });
      console.log(messages, server.status().waiting, queue.stat().messages);
      server.stop('done');
      await server.ended;
      queue.close();`;
    const limits = { msgmnb: 10_000_000 };
    const { code, stdout, stderr } = await run(
      t,
      ...inOwnNamespace(process.execPath, snippetCommand(source), limits),
      {
        cwd: root,
      },
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '1024 0 5\n');
  },
);

test('clients that ask at ever new types and never read do not keep the others from being served soon', async (t) => {
  const { key } = await ownServer(t);
  const flood = startSnippet(
    t,
    `
    import { MessageQueue } from '@timeq/mq-native';
    import { buildRequest } from '@timeq/time-protocol';
    const queue = MessageQueue.open(Number(process.argv[1]));
    let replyTo = 2 ** 41;
    const ask = () => queue.send(1, buildRequest({ id: replyTo, replyTo: ++replyTo })).catch(() => undefined);
    const burst = Array.from({ length: 600 }, ask);
    console.log('flooding');
    setInterval(ask, 1000 / 120);
    await Promise.all(burst);`,
    [key],
  );
  await flood.waitFor('flooding');
  const honest = Array.from({ length: 4 }, async () => {
    const queue = openQueue(t, key);
    const times: number[] = [];
    for (let request = 0; request < 10; request += 1) {
      const since = performance.now();
      await ask(queue);
      times.push(performance.now() - since);
    }
    return times;
  });
  const times = (await Promise.all(honest)).flat();
  // Unread replies are stale after 2 s, and then they go in any case. The longest may take as long on a busy machine.
  const median = times.toSorted((a, b) => a - b)[times.length / 2] ?? Infinity;
  assert.ok(median < 2000, `half of the answers took ${median} ms or longer`);
  await askClassic(openQueue(t, key));
});

async function untilTakenBack(queue: MessageQueue, count: number): Promise<void> {
  await until(
    async () => (await askStatus(queue)).lost.unread === count,
    `the taking back of ${count} replies`,
  );
}

/** The offset of the local zone now, as Date.parse reads it. */
function utcOffset(): string {
  const minutes = -new Date().getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  return `GMT${sign}${two(Math.abs(minutes) / 60)}${two(Math.abs(minutes) % 60)}`;
}
