import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { TimeServer, type LogEvent } from '@timeq/time-server';
import { atEnd } from '../helpers/cleanup.js';
import { deadline, until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { runSnippet } from '../helpers/node.js';
import { makeQueue, openQueue } from './server.js';

const REQUESTS = 3000;

/** A server in this process, which does nothing while the test fills its queue. */
async function startHere(t: TestContext, key: number, log?: (event: LogEvent) => void): Promise<TimeServer> {
  const server = await TimeServer.start({ key, log });
  atEnd(t, async () => {
    server.abandon();
    await server.ended;
  });
  return server;
}

test('a stop is seen before the requests that wait in front of it are answered', async (t) => {
  const key = freshKey(t);
  let answered = Infinity;
  const server = await startHere(t, key, ({ event }) => {
    if (event === 'stopping') answered = server.status().served.classic;
  });
  const queue = openQueue(t, key);
  for (let request = 0; request < REQUESTS; request += 1) assert.ok(queue.trySend(1, ''));
  assert.ok(queue.trySend(2, ''));
  while (queue.receiveBatch({ type: 3 }).length > 0);
  await deadline(server.ended, 'the end of the server');
  assert.ok(answered < REQUESTS, `${answered} were answered first`);
});

test('timers and signals have their turn while requests wait', async (t) => {
  const key = freshKey(t);
  const server = await startHere(t, key);
  const queue = openQueue(t, key);
  for (let request = 0; request < REQUESTS; request += 1) assert.ok(queue.trySend(1, ''));
  await until(() => server.status().served.classic > 0, 'the first answer');
  // This test is a timer, too: without a turn it goes on when the last request is answered.
  assert.ok(server.status().served.classic < REQUESTS);
});

test('timers and signals have their turn while requests that were there before the server are answered', async (t) => {
  const key = freshKey(t);
  const early = makeQueue(t, key);
  for (let request = 0; request < REQUESTS; request += 1) assert.ok(early.trySend(1, ''));
  const server = await startHere(t, key);
  await until(() => server.status().served.classic > 0, 'the first answer');
  assert.ok(server.status().served.classic < REQUESTS);
});

test('timers and signals have their turn while a server that ends answers what waits', async (t) => {
  const key = freshKey(t);
  const server = await startHere(t, key);
  const queue = openQueue(t, key);
  for (let request = 0; request < REQUESTS; request += 1) assert.ok(queue.trySend(1, ''));
  server.stop('enough');
  await until(() => server.status().served.classic > 0, 'the first answer');
  assert.ok(server.status().served.classic < REQUESTS);
  while (queue.receiveBatch({ type: 3 }).length > 0);
});

test('a server at rest has no timer', async (t) => {
  const source = `
    import { MessageQueue } from '@timeq/mq-native';
    import { TimeServer } from '@timeq/time-server';
    import { setTimeout as delay } from 'node:timers/promises';
    const server = await TimeServer.start({ key: Number(process.argv[1]) });
    const queue = MessageQueue.open(server.key);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    await queue.send(1, '');
    await queue.receive({ type: 3 });
    const busy = timers();
    for (let looks = 0; timers() > 0 && looks < 200; looks += 1) await new Promise((seen) => setTimeout(seen, 50).unref());
    console.log(before, busy > 0, timers());
    server.stop('done');
    await server.ended;
    queue.close();`;
  const { code, stdout, stderr } = await runSnippet(t, source, [freshKey(t)]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, '0 true 0\n');
});
