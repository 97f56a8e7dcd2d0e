import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { MessageQueue } from '@timeq/mq-native';
import fc from 'fast-check';
import { bootClock, decide, Slot, verdictOn } from '@timeq/mq-native/message-slots';
import { typeOf } from '#bridge/inward/message';
import { queueAt } from '../helpers/kernel-table.js';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import {
  runningBridge,
  scene,
  skipWithoutBridge,
  startBridge,
  stopBridge,
  STREAM,
  type Scene,
} from './support.js';
import { statusOf } from './verbs.js';

const skip = skipWithoutBridge();

async function publish(
  { connection }: Scene,
  subject: string,
  body: string | Uint8Array,
  type?: string,
): Promise<void> {
  const made = headers();
  if (type !== undefined) made.set('Sysv-Type', type);
  await jetstream(connection).publish(subject, body, { headers: made });
}

test('messages come with the type of their header, of their subject, or of --type', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'in', ['--subject', 'test.in.>', '--type', '9']);
  await publish(here, 'test.in.5', 'by header', String(2n ** 62n));
  await publish(here, 'test.in.5', 'by subject');
  await publish(here, 'test.in.other', 'by option');
  await publish(here, 'test.elsewhere', 'not read');
  const got = [];
  for (let count = 0; count < 3; count++) got.push(await here.queue.receive());
  assert.deepEqual(
    got.map(({ type, body }) => [type, body.toString()]),
    [
      [2n ** 62n, 'by header'],
      [5, 'by subject'],
      [9, 'by option'],
    ],
  );
  await stopBridge(bridge);
  assert.equal(here.queue.stat().messages, 0);
});

/** Moves one message into the queue. @returns the pid of its sender, which the kernel keeps */
async function senderOfNext(here: Scene, type: number): Promise<number> {
  await publish(here, 'test.in', `message ${type}`, String(type));
  assert.equal((await here.queue.receive()).type, type);
  return queueAt(here.key)?.['lspid'] ?? 0;
}

test(
  'no two messages in turn have the same sender, and none is sent twice after a restart',
  { skip },
  async (t) => {
    const here = await scene(t);
    const senders: number[] = [];
    for (let round = 0; round < 3; round++) {
      const bridge = await runningBridge(here, 'in');
      const now: number[] = [];
      for (let type = 1; type <= 4; type++) now.push(await senderOfNext(here, 4 * round + type));
      assert.equal(now.filter((pid) => pid === bridge.pid).length, 2, 'itself half of them');
      senders.push(...now);
      await stopBridge(bridge);
      assert.equal(here.queue.stat().messages, 0);
    }
    for (let index = 1; index < senders.length; index++) assert.notEqual(senders[index], senders[index - 1]);
  },
);

test('beside another sender, too, no two messages in turn have the same sender', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'in');
  const senders: number[] = [];
  for (let type = 1; type <= 9; type++) {
    if (type % 3 === 0) {
      here.queue.sendSync(10, 'of another program');
      await here.queue.receive();
      senders.push(process.pid);
    }
    senders.push(await senderOfNext(here, type));
  }
  for (let index = 1; index < senders.length; index++) assert.notEqual(senders[index], senders[index - 1]);
  assert.equal(new Set(senders).size, 3, 'this one, the bridge and its child');
  await stopBridge(bridge);
});

/** The positions that the server has of the bridge's consumers. */
async function floors({ manager }: Scene): Promise<number[]> {
  const found: number[] = [];
  for await (const { ack_floor } of manager.consumers.list(STREAM)) found.push(ack_floor.stream_seq);
  return found;
}

test('the server knows the position of a bridge that has no more messages', { skip }, async (t) => {
  const here = await scene(t);
  for (let type = 1; type <= 200; type++) await publish(here, 'test.in', '', String(type));
  const bridge = await runningBridge(here, 'in');
  for (let type = 1; type <= 200; type++) assert.equal((await here.queue.receive()).type, type);
  await until(async () => (await floors(here))[0] === 200, 'the acknowledgement');
  await stopBridge(bridge);
});

test('the server knows the position of a bridge that was stopped amid many messages', { skip }, async (t) => {
  const here = await scene(t);
  here.queue.set({ maxBytes: 10 });
  for (let type = 1; type <= 20; type++) await publish(here, 'test.in', '12345678', String(type));
  const bridge = await runningBridge(here, 'in');
  await until(async () => (await statusOf(here))[0]?.held === 1, 'a full queue');
  const position = (await statusOf(here))[0]?.position;
  assert.equal(position, 1);
  await stopBridge(bridge);
  assert.deepEqual(await floors(here), [1]);
});

test('a queue that is full is waited for', { skip }, async (t) => {
  const here = await scene(t);
  here.queue.set({ maxBytes: 10 });
  for (let type = 1; type <= 5; type++) await publish(here, 'test.in', '12345678', String(type));
  const bridge = await runningBridge(here, 'in');
  for (let type = 1; type <= 5; type++) assert.equal((await here.queue.receive()).type, type);
  await stopBridge(bridge);
});

test('what can’t be sent is passed over and named, or goes to the dead subject', { skip }, async (t) => {
  const here = await scene(t);
  await here.manager.streams.add({ name: 'DEAD', subjects: ['dead.>'] });
  const largest = MessageQueue.limits().maxMessageBytes;
  await publish(here, 'test.in', 'no type');
  await publish(here, 'test.in', 'wrong type', '-1');
  await publish(here, 'test.in', Buffer.alloc(largest + 1), '1');
  await publish(here, 'test.in', 'good', '2');
  const bridge = await runningBridge(here, 'in');
  assert.equal((await here.queue.receive()).type, 2);
  await stopBridge(bridge);
  for (const sequence of [1, 2, 3])
    assert.match(bridge.stderr, new RegExp(`message ${sequence} can't be sent`));
  await publish(here, 'test.in', 'to the dead', '0');
  await publish(here, 'test.in', 'good', '3');
  const next = await runningBridge(here, 'in', ['--dead', 'dead.letters']);
  assert.equal((await here.queue.receive()).type, 3);
  await stopBridge(next);
  assert.equal((await here.manager.streams.getMessage('DEAD', { seq: 1 }))?.string(), 'to the dead');
});

test('the position outlives the consumer, and a gap in the stream is told', { skip }, async (t) => {
  const here = await scene(t);
  await publish(here, 'test.in', 'first', '1');
  const bridge = await runningBridge(here, 'in');
  assert.equal((await here.queue.receive()).type, 1);
  await stopBridge(bridge);
  for await (const consumer of here.manager.consumers.list('TEST')) {
    await here.manager.consumers.delete('TEST', consumer.name);
  }
  for (const type of ['2', '3']) await publish(here, 'test.in', 'next', type);
  await here.manager.streams.purge('TEST', { seq: 3 });
  const next = await runningBridge(here, 'in');
  assert.equal((await here.queue.receive()).type, 3);
  await stopBridge(next);
  assert.match(
    next.stderr,
    /begins at sequence 3 now: it dropped up to 1 message behind 1 that this bridge never sent/,
  );
});

test('a second bridge into the same queue ends with 1 and names the first', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'in');
  const { code, stderr } = await startBridge(here, 'in').exit();
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`process ${bridge.pid} is the bridge`));
  await stopBridge(bridge);
});

test('a queue that is removed is waited for', { skip }, async (t) => {
  const here = await scene(t);
  const bridge = await runningBridge(here, 'in');
  here.queue.remove();
  await publish(here, 'test.in', 'late', '4');
  await bridge.waitFor('was removed; waiting for a new one', 'stderr');
  const queue = MessageQueue.create(here.key);
  assert.equal((await queue.receive()).type, 4);
  queue.close();
  await stopBridge(bridge);
});

test('whether a process has sent is decided by who has sent last', () => {
  const pid = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(
      pid,
      fc.nat(5),
      fc.nat(5),
      fc.boolean(),
      fc.array(pid, { maxLength: 2 }),
      (child, before, lastSender, sent, others) => {
        const now = [before, ...(sent ? [child] : []), ...others].at(-1) ?? 0;
        const verdict = decide({ pid: child, before, lastSender, now });
        // As long as no other program has ever sent, nothing is left in doubt, and nothing is decided wrongly.
        if (others.length === 0 && (before === lastSender || before === 0) && before !== child) {
          assert.equal(verdict, sent ? 'sent' : 'not sent');
        }
        // Nor is it if they have pids of their own; but it may stay in doubt.
        if (before !== child && others.every((other) => other !== child && other !== lastSender)) {
          assert.ok(verdict === 'unknown' || verdict === (sent ? 'sent' : 'not sent'), verdict);
        }
        if (before === child) assert.equal(verdict, 'unknown');
        assert.equal(decide({ pid: 0, before, lastSender, now: before }), 'not sent');
      },
    ),
  );
});

test(
  'a process that has got the pid of a killed sender does not wait for its own end',
  { skip },
  async (t) => {
    const queue = MessageQueue.create(freshKey(t));
    const slot = new Slot(new DataView(new ArrayBuffer(512)), 0, 0, 8);
    slot.pid = process.pid;
    slot.queue = queue.id;
    const facts = { queue, lastSender: 0, since: Number(bootClock() / 1_000_000_000n) };
    assert.equal(await verdictOn(slot, facts), 'not sent');
    queue.sendSync(1, 'sent');
    assert.equal(await verdictOn(slot, facts), 'sent');
    queue.close();
  },
);

test('a type is 1 to 2^63-1, and what has none is poison', () => {
  const of = (subject: string, header: string | undefined, otherwise?: bigint): unknown =>
    typeOf({ subject, headers: { get: () => header ?? '', last: () => header ?? '' } }, otherwise);
  assert.deepEqual(of('a.7', '5'), { type: 5n });
  assert.deepEqual(of('a.7', undefined), { type: 7n });
  assert.deepEqual(of('a.b', undefined, 3n), { type: 3n });
  assert.deepEqual(of('a.b', String(2n ** 63n - 1n)), { type: 2n ** 63n - 1n });
  for (const header of ['0', '-1', '1.5', 'x', String(2n ** 63n), '9'.repeat(400)]) {
    assert.ok('poison' in (of('a.b', header) as object), header);
  }
  assert.ok('poison' in (of('a.b', undefined) as object));
});
