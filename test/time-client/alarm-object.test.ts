import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import test, { type TestContext } from 'node:test';
import { wallClock } from '@timeq/mq-native';
import { keepAlarm, TimeClient } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import { untilPending } from './alarms.js';
import { freeze, ownServer, untilMessages } from './support.js';

const HOUR = 3_600_000_000_000n;

async function served(t: TestContext) {
  const { key, server } = await ownServer(t);
  const client = TimeClient.connect(key, { timeout: hangMilliseconds });
  atEnd(t, () => {
    client.close();
  });
  return { key, server, client };
}

const timers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

test('an alarm that is over keeps no timer, and listens to its signal no more', async (t) => {
  const { client } = await served(t);
  const { signal } = new AbortController();
  await client.now();
  const before = timers();
  const alarm = await client.alarm({ every: 1_000_000n, count: 2 }, { signal });
  const turns: number[] = [];
  for await (const { turn } of alarm) turns.push(turn);
  assert.deepEqual(turns, [1, 2]);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  assert.equal(timers(), before);
});

test('leaving the loop, cancel and await using cancel an alarm at the server', async (t) => {
  const { client } = await served(t);
  for await (const { turn } of await client.alarm({ every: 50_000_000n })) {
    assert.equal(turn, 1);
    break;
  }
  assert.deepEqual(await client.alarms(), []);
  const alarm = await client.alarm({ at: wallClock() + HOUR });
  assert.equal((await client.alarms()).length, 1);
  await alarm.cancel();
  assert.deepEqual(await client.alarms(), []);
  {
    await using pending = await client.alarm({ at: wallClock() + HOUR });
    assert.deepEqual(
      (await client.alarms()).map(({ alarm: number }) => number),
      [pending.number],
    );
  }
  assert.deepEqual(await client.alarms(), []);
});

test('all alarms of a client are listed, however many there are', async (t) => {
  const { client } = await served(t);
  const at = wallClock() + HOUR;
  for (let count = 0; count < 70; count++) await client.alarm({ at });
  const alarms = await client.alarms();
  assert.equal(new Set(alarms.map(({ alarm }) => alarm)).size, 70);
  await client.cancelAlarms();
  assert.deepEqual(await client.alarms(), []);
});

test('an alarm that was asked for and aborted before the server answered is cancelled there', async (t) => {
  const { key, server } = await served(t);
  await freeze(server);
  const stop = new AbortController();
  const next = keepAlarm(key, { at: wallClock() + HOUR }, { signal: stop.signal }).next();
  const ended = assert.rejects(next, { name: 'AbortError' });
  await untilMessages(key, 1);
  stop.abort();
  // Behind the request for the alarm.
  await untilMessages(key, 2);
  server.kill('SIGCONT');
  await ended;
  await untilPending(key, 0);
});
