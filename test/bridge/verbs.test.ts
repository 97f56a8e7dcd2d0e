import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { SLOT_STATE, type Slot } from '@timeq/mq-native/message-slots';
import { SlotStore } from '#bridge/slots/slot-store';
import { until } from '../helpers/deadline.js';
import {
  bridgeKey,
  runningBridge,
  scene,
  skipWithoutBridge,
  stopBridge,
  storedMessages,
  STREAM,
  type Scene,
} from './support.js';
import { runVerb, slotsOf, statusOf, type SlotJson } from './verbs.js';

const skip = skipWithoutBridge();

/** A bridge out of the queue that is killed with the messages 1 to `count` in its slots; NATS is stopped meanwhile. */
async function killedHolding(here: Scene, count: number): Promise<void> {
  const running = await runningBridge(here, 'out');
  await here.server.freeze();
  for (let type = 1; type <= count; type++) await here.queue.send(type, `message ${type}`);
  await until(async () => (await slotsOf(here)).length === count, 'all to be in slots');
  await running.end();
}

test(
  'slots and status show what a bridge holds, while it runs and after it was killed',
  { skip },
  async (t) => {
    const here = await scene(t);
    const running = await runningBridge(here, 'out');
    await here.queue.send(5, 'arrives');
    await until(async () => (await statusOf(here))[0]?.counts['moved'] === 1, 'the first to arrive');
    await here.server.freeze();
    await here.queue.send(7, 'seven b');
    await here.queue.send(2n ** 62n, '');
    await until(async () => (await slotsOf(here)).length === 2, 'two messages in slots');
    const [first, second] = await slotsOf(here);
    const [status] = await statusOf(here);
    assert.deepEqual(
      [first?.direction, first?.state, first?.type, first?.bytes, second?.type, second?.bytes],
      ['out', 'taken', 7, 7, String(2n ** 62n), 0],
    );
    assert.equal(first?.id, `${status?.instance}-${first?.generation}`);
    assert.ok(Number(second?.generation) > Number(first?.generation));
    assert.ok(Math.abs(Date.parse(first?.taken ?? '') - Date.now()) < 600_000);
    assert.deepEqual(
      [status?.name, status?.alive, status?.pid, status?.position, status?.held, status?.stream],
      [`timeq-bridge out ${formatKey(here.key)}`, true, running.pid, 1, 2, STREAM],
    );
    const refused = await runVerb(here, 'slots', ['--to-queue', '--yes']);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, new RegExp(`process ${running.pid} is the bridge of key .*; stop it first`));
    await running.end();
    const table = await runVerb(here, 'slots');
    assert.match(
      table.stdout,
      /^DIRECTION +SLOT +STATE +TYPE +BYTES +NUMBER +AGE\nout +\d+ +taken +7 +7 +\d+ +\d+[sm]\n/,
    );
    assert.match(table.stderr, /slots 0x[0-9a-f]+ --to-queue/);
    const { stdout } = await runVerb(here, 'status');
    assert.match(stdout, /^timeq-bridge out 0x[0-9a-f]+\n {2}state +was killed\n/);
    assert.match(stdout, /held +2 of 64 slots/);
    assert.match(stdout, /moved +1\n {2}found again +0\n/);
    assert.equal((await statusOf(here))[0]?.alive, false);
  },
);

test(
  'slots --to-queue puts back what the stream does not have, and frees the slots of the rest',
  { skip },
  async (t) => {
    const here = await scene(t);
    await killedHolding(here, 5);
    // What was written to the socket arrives once the server goes on: the stream has all five.
    here.server.thaw();
    await until(async () => (await here.manager.streams.info(STREAM)).state.messages === 5, 'five messages');
    // Two are removed from the stream as if they had never come.
    for (const sequence of [4, 5]) await here.manager.streams.deleteMessage(STREAM, sequence);
    const returned = await slotsOf(here, ['--to-queue', '--yes', '-s', here.server.url]);
    assert.deepEqual(
      returned.map(({ type, now, mayBeStored }) => [type, now, mayBeStored]),
      [
        [1, 'stream', false],
        [2, 'stream', false],
        [3, 'stream', false],
        [4, 'queue', false],
        [5, 'queue', false],
      ],
    );
    assert.deepEqual(
      [...here.queue.peekAll()].map(({ type, body }) => [type, body.toString()]),
      [
        [4, 'message 4'],
        [5, 'message 5'],
      ],
    );
    assert.deepEqual(await slotsOf(here), []);
    assert.match((await runVerb(here, 'slots')).stdout, /^no slot holds a message\n$/);
    const next = await runningBridge(here, 'out');
    await until(() => here.queue.stat().messages === 0, 'the queue to be empty');
    await until(async () => (await here.manager.streams.info(STREAM)).state.messages === 5, 'all to arrive');
    await stopBridge(next);
    assert.deepEqual(
      (await storedMessages(here)).map(({ type }) => type),
      ['1', '2', '3', '4', '5'],
    );
  },
);

test(
  'without NATS nothing is put back unless --without-stream says so, and a full queue keeps the rest',
  { skip },
  async (t) => {
    const here = await scene(t);
    await killedHolding(here, 5);
    here.server.thaw();
    await here.server.end();
    const refused = await runVerb(here, 'slots', ['--to-queue', '--yes', '-s', here.server.url]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /whether stream TEST has .* nothing was done\. With --without-stream/);
    const unasked = await runVerb(here, 'slots', ['--to-queue', '--without-stream']);
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /--yes skips the question/);
    assert.equal((await slotsOf(here)).length, 5);
    here.queue.set({ maxBytes: 20 });
    const full = await runVerb(here, 'slots', ['--to-queue', '--without-stream', '--yes']);
    assert.equal(full.code, 1);
    assert.match(full.stdout, /in the queue; the stream may have it too\n/);
    assert.match(full.stderr, /not every message went back \(3 in slots\): queue \d+ is full; run it again/);
    const types = (): unknown[] => [...here.queue.peekAll()].map(({ type }) => type);
    assert.deepEqual(types(), [1, 2]);
    here.queue.set({ maxBytes: 16_384 });
    const rest = await slotsOf(here, ['--to-queue', '--without-stream', '--yes']);
    assert.deepEqual(
      rest.map(({ now, mayBeStored }) => [now, mayBeStored]),
      [3, 4, 5].map(() => ['queue', true]),
    );
    assert.deepEqual(types(), [1, 2, 3, 4, 5]);
  },
);

test(
  'what is wrong with slots and status is said in one sentence, with its exit code',
  { skip },
  async (t) => {
    const key = bridgeKey(t);
    const queue = MessageQueue.create(key);
    const here = { t, key };
    for (const verb of ['slots', 'status'] as const) {
      const { code, stderr } = await runVerb(here, verb);
      assert.equal(code, 3);
      assert.match(stderr, /^timeq-bridge: key 0x[0-9a-f]+ has no slots: .*\n$/);
    }
    assert.equal((await runVerb(here, 'slots', ['--to-queue', '--yes'])).code, 3);
    assert.equal((await runVerb(here, 'slots', ['--yes'])).code, 2);
    queue.remove();
    const { code, stderr } = await runVerb(here, 'slots', ['--to-queue', '--yes']);
    assert.equal(code, 3);
    assert.match(stderr, /no queue has key/);
    queue.close();
  },
);

test(
  'after a kill of slots --to-queue, a message that is in the queue is not sent again',
  { skip },
  async (t) => {
    const key = bridgeKey(t);
    const queue = MessageQueue.create(key);
    const here = { t, key };
    const words = ['--to-queue', '--without-stream', '--yes', '--json'];
    /** A slot as it is left if the child of that pid was started. */
    const leave = (slot: Slot | undefined, pid: number, before: number): void => {
      assert.ok(slot);
      slot.type = 5n;
      slot.want = slot.room.write('back');
      slot.generation = slot.index + 1;
      Object.assign(slot, { pid, before, queue: queue.id, state: SLOT_STATE.sending });
    };
    const left = (): SlotStore =>
      SlotStore.open(queue, { direction: 'out', slots: 2, stream: STREAM, subject: 'test.out' });
    await queue.send(5, 'back');
    const { lastSendPid } = queue.stat();
    {
      using store = left();
      // It was sent, and the child of the other one was not started.
      leave(store.slots[0], lastSendPid, 0);
      leave(store.slots[1], 0, lastSendPid);
    }
    const { stdout, code } = await runVerb(here, 'slots', words);
    assert.equal(code, 0);
    assert.deepEqual(
      (JSON.parse(stdout) as { slots: SlotJson[] }).slots.map(({ generation, now }) => [generation, now]),
      [[2, 'queue']],
    );
    assert.equal(queue.stat().messages, 2);
    {
      using store = left();
      // Another program has sent since.
      leave(store.slots[0], spawnSync('true').pid, lastSendPid);
    }
    const unknown = await runVerb(here, 'slots', words);
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stderr,
      /not every message went back \(1 in slots\): whether a message was sent to the queue can't be known/,
    );
    assert.equal(queue.stat().messages, 2);
    queue.close();
  },
);

test(
  'a message on its way into a queue is sent by slots --to-queue, and not by the next bridge',
  { skip },
  async (t) => {
    const here = await scene(t);
    const made = headers();
    made.set('Sysv-Type', '1');
    for (const body of ['first', 'second'])
      await jetstream(here.connection).publish('test.in', body, { headers: made });
    {
      using store = SlotStore.open(here.queue, {
        direction: 'in',
        slots: 1,
        stream: STREAM,
        subject: 'test.in',
      });
      const [slot] = store.slots;
      assert.ok(slot);
      store.header.created = (await here.manager.streams.info(STREAM)).created;
      slot.type = 1n;
      slot.want = slot.room.write('first');
      Object.assign(slot, { sequence: 1, state: SLOT_STATE.taken });
    }
    const returned = await slotsOf(here, ['--to-queue', '--yes']);
    assert.deepEqual(
      returned.map(({ sequence, now, mayBeStored }) => [sequence, now, mayBeStored]),
      [[1, 'queue', false]],
    );
    const running = await runningBridge(here, 'in');
    for (const body of ['first', 'second']) {
      assert.equal((await here.queue.receive()).body.toString(), body);
    }
    await stopBridge(running);
    assert.equal(here.queue.stat().messages, 0);
  },
);
