import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Message, MessageQueue } from '@timeq/mq-native';
import { hangMilliseconds } from '../helpers/deadline.js';
import { startSnippet } from '../helpers/node.js';
import { anotherHandle, drain, privateQueue } from './queue.js';
import { uninterrupted } from '../helpers/uninterrupted.js';

const rounds = 10_000;
/** After so many milliseconds a busy machine has raced often enough. */
const LONGEST = 60_000;

/**
 * Another process that sends one message to `queue` for each that it gets on `orders`, of the type that it was told,
 * after a moment that differs from one to the next. Every other body is empty.
 */
function startSender(t: TestContext, orders: MessageQueue, queue: MessageQueue): void {
  startSnippet(
    t,
    `import { MessageQueue } from '@timeq/mq-native';
    const [orders, queue] = process.argv.slice(1).map((id) => MessageQueue.fromId(Number(id)));
    for (;;) {
      const { type, body } = orders.receiveSync();
      const until = performance.now() + Number(body) / 1000;
      while (performance.now() < until);
      queue.sendSync(type, Number(type) % 2 === 0 ? '' : 'body of ' + type);
    }`,
    [orders.id, queue.id],
  );
}

/** Busy or idle for up to so many microseconds, in one of the ways in which time passes in a program. */
async function pass(microseconds: number): Promise<void> {
  switch (randomInt(3)) {
    case 0: {
      const until = performance.now() + randomInt(microseconds) / 1000;
      while (performance.now() < until);
      return;
    }
    case 1:
      for (let turns = randomInt(5); turns > 0; turns--) await new Promise(setImmediate);
      return;
    default:
      await new Promise((resolve) => setTimeout(resolve, randomInt(2)));
  }
}

async function race(
  t: TestContext,
  giveUp: (queue: MessageQueue) => Promise<Message | undefined>,
  { times = rounds, longestPoll = 200 }: { times?: number; longestPoll?: number } = {},
): Promise<void> {
  const queue = privateQueue(t);
  queue.longestPoll = longestPoll;
  const orders = privateQueue(t);
  startSender(t, orders, queue);
  let received = 0;
  const end = performance.now() + LONGEST;
  for (let type = 1; !hasRaced(received, type - 1, times, end); type++) {
    orders.sendSync(type, String(randomInt(200)));
    const got = await giveUp(queue);
    if (got !== undefined) received += 1;
    // Cancelled or not, the message is there once: received, still in the queue, or returned to it.
    const message = got ?? (await queue.receive({ timeout: hangMilliseconds }));
    assert.equal(message.type, type);
    assert.equal(message.body.toString(), type % 2 === 0 ? '' : `body of ${type}`);
  }
  assert.deepEqual(drain(queue), []);
}

/** Without both ends there was no race, so it goes on until there were. A busy machine races fewer times. */
function hasRaced(done: number, times: number, wanted: number, end: number): boolean {
  return done > 0 && done < times && (times >= wanted || performance.now() > end);
}

async function abortSoon(queue: MessageQueue): Promise<Message | undefined> {
  const controller = new AbortController();
  const receiving = queue.receive({ signal: controller.signal });
  const settled = receiving.catch((error: unknown) => {
    assert.ok(error instanceof Error && error.name === 'AbortError');
    return undefined;
  });
  await pass(300);
  controller.abort();
  return settled;
}

test('abort while a message arrives: the receive gets it or it stays in the queue, up to 10,000 times', async (t) => {
  await race(t, abortSoon);
});

test('abort while a thread is handed a message: the receive gets it or it stays, up to 10,000 times', async (t) => {
  await race(t, abortSoon, { longestPoll: 0 });
});

test('a timeout while a message arrives: the receive gets it or it stays in the queue, up to 10,000 times', async (t) => {
  await race(t, (queue) =>
    queue.receive({ timeout: randomInt(3) / 2 }).catch((error: NodeJS.ErrnoException) => {
      assert.equal(error.code, 'ETIMEDOUT');
      return undefined;
    }),
  );
});

test('a blocking receive whose timeout passes while a message arrives gets it or leaves it, up to 10,000 times', async (t) => {
  await race(t, async (queue) => {
    try {
      return uninterrupted(() => queue.receiveSync({ timeout: randomInt(300) / 1000 }));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ETIMEDOUT');
      return undefined;
    }
  });
});

test('close while a message arrives: the receive gets it or it stays in the queue, up to 2,000 times', async (t) => {
  const closeSoon = async (queue: MessageQueue): Promise<Message | undefined> => {
    const handle = anotherHandle(t, queue);
    const settled = handle.receive().catch((error: NodeJS.ErrnoException) => {
      assert.equal(error.code, 'ECANCELED');
      return undefined;
    });
    await pass(300);
    handle.close();
    return settled;
  };
  await race(t, closeSoon, { times: 2000 });
});

test('abort while a send gets room: it is sent once or not at all, up to 10,000 times', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  const orders = privateQueue(t);
  startSnippet(
    t,
    `import { MessageQueue } from '@timeq/mq-native';
    const [orders, queue] = process.argv.slice(1).map((id) => MessageQueue.fromId(Number(id)));
    for (;;) {
      const { body } = orders.receiveSync();
      const until = performance.now() + Number(body) / 1000;
      while (performance.now() < until);
      // The message that fills the queue; what was sent after it is for the other side to find.
      queue.receiveSync({ type: 1 });
    }`,
    [orders.id, queue.id],
  );
  let sent = 0;
  const end = performance.now() + LONGEST;
  for (let type = 2; !hasRaced(sent, type - 2, rounds, end); type++) {
    queue.sendSync(1, '');
    orders.sendSync(1, String(randomInt(200)));
    const controller = new AbortController();
    const sending = queue.send(type, type % 2 === 0 ? '' : 'x', { signal: controller.signal }).then(
      () => true,
      (error: unknown) => {
        assert.ok(error instanceof Error && error.name === 'AbortError');
        return false;
      },
    );
    await pass(300);
    controller.abort();
    const wasSent = await sending;
    if (wasSent) sent += 1;
    // Once the filler is gone there is nothing but what was sent.
    const message = wasSent ? await queue.receive({ except: 1 }) : undefined;
    while (queue.stat().messages > 0) {
      const [first] = queue.peekAll();
      assert.ok(
        first === undefined || first.type === 1,
        `a message of type ${first?.type} was sent although aborted`,
      );
      await new Promise(setImmediate);
    }
    if (wasSent) assert.equal(message?.type, type);
  }
});
