import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { TimeClient } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import { interpose } from '../helpers/interpose.js';
import { freshKey } from '../helpers/keys.js';
import { threadsIn, untilBlocked } from '../helpers/threads.js';
import { trackQueue } from '../helpers/tracking.js';

/** A client of a classic server that answers at type 3: the test. */
function classicClient(t: TestContext): { client: TimeClient; queue: MessageQueue } {
  const queue = trackQueue(t, MessageQueue.create(freshKey(t)));
  const client = TimeClient.connect(queue.key, { ask: 'shared', timeout: hangMilliseconds });
  atEnd(t, () => {
    client.close();
  });
  return { client, queue };
}

async function answer(queue: MessageQueue): Promise<void> {
  await queue.receive({ type: 1, timeout: hangMilliseconds });
  queue.sendSync(3, 'noon');
}

/** Calls back at each request, right before it is sent. */
function onRequest(t: TestContext, tell: () => void): void {
  interpose(t, MessageQueue.prototype, 'trySend', ({ words: [type], go }) => {
    if (type === 1) tell();
    return go();
  });
}

test('a client that has its answer reads nothing more at type 3', async (t) => {
  const { client, queue } = classicClient(t);
  const asked = client.now();
  await answer(queue);
  await asked;
  await untilBlocked('msgrcv', process.pid, 0);
  queue.sendSync(3, 'for another client');
  client.close();
  assert.equal(queue.tryReceive({ type: 3 })?.body.toString(), 'for another client');
});

test('an answer that came too late is not the next request’s', async (t) => {
  const { client, queue } = classicClient(t);
  const controller = new AbortController();
  const given = assert.rejects(client.now(controller), { name: 'AbortError' });
  await queue.receive({ type: 1, timeout: hangMilliseconds });
  controller.abort();
  await given;
  await untilBlocked('msgrcv', process.pid, 0);
  queue.sendSync(3, 'too late');
  const asked = client.now();
  await answer(queue);
  assert.equal(((await asked) as { text: string }).text, 'noon');
});

test('a classic request is sent when a thread waits for its answer, and not before', async (t) => {
  const { client, queue } = classicClient(t);
  const waiting: number[] = [];
  onRequest(t, () => {
    waiting.push(threadsIn('msgrcv'));
  });
  const asked = client.now();
  while (waiting.length === 0) await delay(1);
  assert.deepEqual(waiting, [1]);
  await answer(queue);
  await asked;
});

test('a classic server is asked one thing after the other', async (t) => {
  const { client, queue } = classicClient(t);
  let [requests, answers] = [0, 0];
  onRequest(t, () => {
    assert.equal(requests, answers);
    requests += 1;
  });
  const asked = Promise.all([client.now(), client.now(), client.now()]);
  while (answers < 3) {
    await queue.receive({ type: 1, timeout: hangMilliseconds });
    // Time in which the next one would come.
    for (let looks = 0; looks < 10; looks += 1) await delay(5);
    assert.equal(requests, answers + 1);
    answers += 1;
    queue.sendSync(3, 'noon');
  }
  await asked;
});
