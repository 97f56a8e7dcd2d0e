import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { TimeClient, watchTime } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { deadline, hangMilliseconds, until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { ownServer } from './support.js';

const timedOut = { code: 'TIMED_OUT', timedOut: true };

/** A client of a queue without a server. */
function unserved(t: TestContext): { client: TimeClient } {
  const queue = MessageQueue.create(freshKey(t));
  const client = TimeClient.connect(queue.key);
  atEnd(t, () => {
    client.close();
    queue.close();
  });
  return { client };
}

test('each request ends by its own timeout, whatever the order in which they were asked', async (t) => {
  const { client } = unserved(t);
  const long = assert.rejects(client.now({ timeout: 60_000 }), { code: 'CLOSED' });
  const short = [90, 30, 60].map((timeout) => assert.rejects(client.now({ timeout }), timedOut));
  await deadline(Promise.all(short), 'the end of the short ones');
  client.close();
  await long;
});

test('a timeout that no timer of Node can hold is waited for', async (t) => {
  const { client } = unserved(t);
  const warnings: Error[] = [];
  const warn = (warning: Error): number => warnings.push(warning);
  process.on('warning', warn);
  atEnd(t, () => {
    process.off('warning', warn);
  });
  const long = assert.rejects(client.now({ timeout: 2 ** 31 + 1000 }), { code: 'CLOSED' });
  await assert.rejects(client.now({ timeout: 50 }), timedOut);
  assert.deepEqual(warnings, []);
  client.close();
  await long;
});

test('a request that is over does not listen to its signal any more', async (t) => {
  const { client } = unserved(t);
  const { signal } = new AbortController();
  await assert.rejects(client.now({ signal, timeout: 20 }), timedOut);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a client that asks again after a while sends nothing to a server that has died since', async (t) => {
  const { key, server } = await ownServer(t);
  const client = TimeClient.connect(key);
  atEnd(t, () => {
    client.close();
  });
  await client.now();
  await server.end();
  const since = performance.now();
  await until(() => performance.now() > since + 100, 'a tenth of a second');
  await assert.rejects(client.now(), { code: 'SERVER_DEAD' });
  using queue = MessageQueue.open(key);
  assert.equal(queue.stat().messages, 0);
});

test('watchTime skips the turns that passed while its caller was busy', async (t) => {
  const { key } = await ownServer(t);
  const moments: number[] = [];
  const interval = 50;
  for await (const { kind } of watchTime(key, { interval, count: 6, timeout: hangMilliseconds })) {
    assert.equal(kind, 'time');
    moments.push(performance.now());
    if (moments.length === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 12 * interval);
  }
  // Made up for, all would come at once.
  const [first = 0, last = 0] = [moments[1], moments.at(-1)];
  assert.ok(last - first > 3 * interval, moments.join());
});
