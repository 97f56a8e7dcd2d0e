// The failures that docs/bridge.md lists, apart from kills, which test/faults injects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { MessageQueue, SharedMemory } from '@timeq/mq-native';
import { slotKey } from '@timeq/mq-native/message-slots';
import { snapshotOf } from '#bridge/slots/snapshot';
import { shiftedClock } from '../faults/shifted-clock.js';
import { until } from '../helpers/deadline.js';
import { lossyWay } from './lossy-way.js';
import {
  bodyOf,
  FAULTLESS,
  outcomeOf,
  runningBridge,
  scene,
  skipWithoutBridge,
  startBridge,
  stopBridge,
  storedMessages,
  STREAM,
  type Scene,
} from './support.js';

const skip = skipWithoutBridge();

function held({ key }: Scene, direction: 'out' | 'in' = 'out'): number {
  return snapshotOf(key, direction)?.holding.length ?? 0;
}

async function sendAll(queue: MessageQueue, from: number, to: number): Promise<void> {
  const largest = MessageQueue.limits().maxMessageBytes;
  for (let number = from; number <= to; number++) await queue.send(number, bodyOf(number, largest));
}

async function publishAll({ connection }: Scene, from: number, to: number): Promise<void> {
  const largest = MessageQueue.limits().maxMessageBytes;
  for (let number = from; number <= to; number++) {
    const made = headers();
    made.set('Sysv-Type', String(number));
    await jetstream(connection).publish('test.in', bodyOf(number, largest), { headers: made });
  }
}

async function receiveAll(
  queue: MessageQueue,
  count: number,
): Promise<Array<{ type: number | bigint; body: Buffer }>> {
  const received = [];
  while (received.length < count) received.push(await queue.receive());
  return received;
}

async function untilMoved(here: Scene, queue = here.queue): Promise<void> {
  await until(() => queue.stat().messages === 0 && held(here) === 0, 'all to arrive');
}

test('a queue that is removed while slots hold messages loses none of those', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'out');
  await here.server.freeze();
  await sendAll(here.queue, 1, 30);
  await until(() => here.queue.stat().messages === 0, 'all to be taken');
  here.queue.remove();
  await bridge.waitFor('was removed; waiting for a new one', 'stderr');
  using queue = MessageQueue.create(here.key);
  await bridge.waitFor('messages go from queue');
  await sendAll(queue, 31, 40);
  here.server.thaw();
  await untilMoved(here, queue);
  await stopBridge(bridge);
  assert.deepEqual(outcomeOf(40, await storedMessages(here)), FAULTLESS);
});

test('slots that are removed under a running bridge are copied, with their messages', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'out');
  await here.server.freeze();
  await sendAll(here.queue, 1, 30);
  await until(() => here.queue.stat().messages === 0, 'all to be taken');
  const { id } = SharedMemory.open(slotKey(here.key, 'out'));
  SharedMemory.removeId(id);
  await bridge.waitFor(/the slots was removed; they are in segment \d+ now, with 30 messages/, 'stderr');
  assert.ok(SharedMemory.open(slotKey(here.key, 'out')).stat().locked);
  // They outlive the process now.
  await bridge.end();
  assert.equal(held(here), 30);
  here.server.thaw();
  const next = await runningBridge(here, 'out');
  await sendAll(here.queue, 31, 40);
  await untilMoved(here);
  SharedMemory.removeId(SharedMemory.open(slotKey(here.key, 'out')).id);
  // An idle bridge looks when the next message comes.
  await sendAll(here.queue, 41, 50);
  await next.waitFor('with 0 messages in flight', 'stderr');
  await untilMoved(here);
  await stopBridge(next);
  assert.deepEqual(outcomeOf(50, await storedMessages(here)), FAULTLESS);
});

test('slots that are removed under a bridge into a queue keep the position', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'in');
  await publishAll(here, 1, 5);
  const received = await receiveAll(here.queue, 5);
  SharedMemory.removeId(SharedMemory.open(slotKey(here.key, 'in')).id);
  await publishAll(here, 6, 9);
  await bridge.waitFor('the slots was removed', 'stderr');
  received.push(...(await receiveAll(here.queue, 4)));
  await stopBridge(bridge);
  const next = await runningBridge(here, 'in');
  await publishAll(here, 10, 10);
  received.push(...(await receiveAll(here.queue, 1)));
  await stopBridge(next);
  assert.equal(here.queue.stat().messages, 0);
  assert.deepEqual(outcomeOf(10, received), FAULTLESS);
});

test(
  'of a stream that was purged, messages in slots are published again, and the log says so',
  { skip },
  async (t) => {
    const here = await scene(t);
    const way = await lossyWay(t, here.server.url);
    const bridge = await runningBridge({ ...here, server: way }, 'out');
    await sendAll(here.queue, 1, 5);
    await untilMoved(here);
    way.lose();
    await sendAll(here.queue, 6, 10);
    await until(async () => (await here.manager.streams.info(STREAM)).state.last_seq === 10, 'ten messages');
    await bridge.end();
    await here.manager.streams.purge(STREAM);
    const next = await runningBridge(here, 'out');
    await next.waitFor(/begins at sequence 11 now: whether it has had 5 of the messages/, 'stderr');
    await untilMoved(here);
    await stopBridge(next);
    // The server remembers their ids, and so acknowledges them without storing them: they were there.
    assert.ok((await storedMessages(here)).length <= 5);
  },
);

test(
  'a stream that is purged under a bridge into a queue is told, with how many are gone',
  { skip },
  async (t) => {
    const here = await scene(t);
    const bridge = await runningBridge(here, 'in', ['--subject', '>']);
    await publishAll(here, 1, 1);
    await receiveAll(here.queue, 1);
    bridge.kill('SIGSTOP');
    await publishAll(here, 2, 600);
    await here.manager.streams.purge(STREAM);
    await publishAll(here, 601, 601);
    bridge.kill('SIGCONT');
    await until(
      () => [...here.queue.peekAll()].some(({ type }) => type === 601) || drained(here.queue),
      'the last one',
    );
    await bridge.waitFor(
      /begins at sequence 601 now: it dropped up to \d+ messages behind \d+ that this bridge never sent/,
      'stderr',
    );
    await stopBridge(bridge);
  },
);

/** Takes everything but the last message out of a queue, which may be full. */
function drained(queue: MessageQueue): false {
  for (;;) {
    const [first] = [...queue.peekAll()];
    if (first === undefined || first.type === 601) return false;
    queue.tryReceive();
  }
}

test('while NATS is away a bridge into a queue waits, and then goes on', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'in');
  await publishAll(here, 1, 20);
  const received = await receiveAll(here.queue, 20);
  for (let round = 1; round <= 2; round++) {
    await here.server.end();
    await here.server.start();
    await until(
      async () => (await here.manager.streams.info(STREAM).catch(() => undefined)) !== undefined,
      'the connection of the test',
    );
    await publishAll(here, 20 * round + 1, 20 * round + 20);
    received.push(...(await receiveAll(here.queue, 20)));
  }
  await stopBridge(bridge);
  assert.equal(here.queue.stat().messages, 0);
  assert.deepEqual(outcomeOf(60, received), FAULTLESS);
});

test('what is lost on its way from NATS is sent to the queue all the same, in order', { skip }, async (t) => {
  const here = await scene(t);
  const way = await lossyWay(t, here.server.url);
  const bridge = await runningBridge({ t, key: here.key, server: way }, 'in');
  await publishAll(here, 1, 10);
  const received = await receiveAll(here.queue, 10);
  way.lose();
  await publishAll(here, 11, 30);
  await until(() => way.lost >= 20, 'messages that are delivered and lost');
  way.mend();
  await publishAll(here, 31, 40);
  received.push(...(await receiveAll(here.queue, 30)));
  await stopBridge(bridge);
  assert.equal(here.queue.stat().messages, 0);
  assert.deepEqual(outcomeOf(40, received), FAULTLESS);
});

const DAY = 86_400;

for (const direction of ['out', 'in'] as const) {
  test(`the clock may be set between two bridges ${direction}, either way`, { skip }, async (t) => {
    const here = await scene(t);
    let received: Array<{ type: number | bigint | string; body: Buffer }> = [];
    for (const [round, days] of [0, -400, 400, -1].entries()) {
      const [, ...variables] = shiftedClock(t, days * DAY);
      const env = Object.fromEntries(variables.map((each) => each.split(/=(.*)/s).slice(0, 2)));
      const bridge = startBridge(here, direction, [], { env });
      await bridge.waitFor('messages go');
      if (direction === 'out') {
        // With messages of before on their way it would look them up first.
        await untilMoved(here);
        await here.server.freeze();
        await sendAll(here.queue, 10 * round + 1, 10 * round + 10);
        await until(() => here.queue.stat().messages === 0, 'all to be taken');
        await bridge.end();
        here.server.thaw();
      } else {
        await publishAll(here, 10 * round + 1, 10 * round + 10);
        received.push(...(await receiveAll(here.queue, 10)));
        await bridge.end();
      }
    }
    const last = await runningBridge(here, direction);
    if (direction === 'out') {
      await untilMoved(here);
      received = await storedMessages(here);
    }
    await stopBridge(last);
    assert.equal(here.queue.stat().messages, 0);
    assert.deepEqual(outcomeOf(40, received), FAULTLESS);
  });
}

for (const dead of [undefined, 'dead.letters'] as const) {
  const where = dead === undefined ? 'is passed over and named' : 'goes to the dead subject';
  test(`a message in a slot that the queue can no longer take ${where}`, { skip }, async (t) => {
    const here = await scene(t);
    await here.manager.streams.add({ name: 'DEAD', subjects: ['dead.>'] });
    here.queue.set({ maxBytes: 300 });
    await here.queue.send(9, Buffer.alloc(200));
    const bridge = await runningBridge(here, 'in');
    const made = headers();
    made.set('Sysv-Type', '1');
    await jetstream(here.connection).publish('test.in', Buffer.alloc(150, 'a'), { headers: made });
    await until(() => held(here, 'in') === 1, 'the message to wait in the slot');
    await stopBridge(bridge);
    here.queue.set({ maxBytes: 100 });
    await here.queue.receive();
    const next = await runningBridge(here, 'in', dead === undefined ? [] : ['--dead', dead]);
    await next.waitFor(
      /message 1 can't be sent: .*; it (stays in stream TEST|goes to dead\.letters)/,
      'stderr',
    );
    await publishAll(here, 2, 2);
    assert.equal((await here.queue.receive()).type, 2);
    await stopBridge(next);
    assert.equal(held(here, 'in'), 0);
    if (dead === undefined) assert.equal((await storedMessages(here)).length, 2);
    else assert.equal((await here.manager.streams.getMessage('DEAD', { seq: 1 }))?.data.length, 150);
  });
}
