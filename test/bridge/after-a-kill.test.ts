// What a bridge makes of slots as a kill leaves them, at each moment. test/faults kills bridges at any moment.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { SharedMemory } from '@timeq/mq-native';
import { complement, SLOT_STATE, slotKey, type Slot } from '@timeq/mq-native/message-slots';
import { messageId } from '#bridge/outward/look-up';
import { SlotStore } from '#bridge/slots/slot-store';
import { until } from '../helpers/deadline.js';
import {
  runningBridge,
  scene,
  skipWithoutBridge,
  startBridge,
  stopBridge,
  storedMessages,
  STREAM,
  type Scene,
  type SceneOptions,
} from './support.js';
import { statusOf } from './verbs.js';

const skip = skipWithoutBridge();

type Leave = (slot: Slot, store: SlotStore) => void;

/** A scene whose slots are as `leave` says, which gets a slot of a new number. */
async function killed(
  t: TestContext,
  direction: 'in' | 'out',
  leave: Leave,
  options: SceneOptions = {},
): Promise<Scene & { readonly instance: string }> {
  const here = await scene(t, options);
  const subject = `test.${direction}`;
  using store = SlotStore.open(here.queue, { direction, slots: 1, stream: STREAM, subject });
  const [slot] = store.slots;
  assert.ok(slot);
  const { header } = store;
  header.created = (await here.manager.streams.info(STREAM)).created;
  slot.generation = header.generation = 1;
  leave(slot, store);
  return { ...here, instance: header.instance };
}

/** Runs a bridge until nothing is in slots. @returns what it said on standard error */
async function bridgeUntilEmpty(
  here: Scene,
  direction: 'in' | 'out',
  words: readonly string[] = [],
): Promise<string> {
  const bridge = await runningBridge(here, direction, words);
  await until(async () => (await statusOf(here))[0]?.held === 0, 'empty slots');
  await stopBridge(bridge);
  return bridge.stderr;
}

function taken(slot: Slot, body: string): void {
  slot.type = 3n;
  slot.want = slot.room.write(body);
  slot.state = SLOT_STATE.taken;
}

/** As between the copy of a message and its receive. */
function prepared(slot: Slot, { scratch }: SlotStore, copy: string): void {
  const size = scratch.room.write(copy);
  complement(scratch.room, slot.room, size);
  slot.want = size;
  slot.type = 0n;
  slot.state = SLOT_STATE.taking;
}

const LEFT: ReadonlyArray<readonly [when: string, leave: Leave, stored: readonly string[]]> = [
  ['before the kernel filled its slot', (slot, store) => prepared(slot, store, 'copied'), []],
  [
    'after the kernel filled its slot',
    (slot, store) => {
      prepared(slot, store, 'copied');
      slot.type = 3n;
      slot.room.write('copied');
    },
    ['copied'],
  ],
  [
    'after the kernel filled its slot with a shorter message that came to the front meanwhile',
    (slot, store) => {
      prepared(slot, store, 'copied');
      slot.type = 3n;
      slot.room.write('got');
    },
    ['got'],
  ],
  ['before it published what it had taken', (slot) => taken(slot, 'whole'), ['whole']],
];

for (const [when, leave, bodies] of LEFT) {
  test(
    `of a bridge that was killed ${when}, ${bodies.length} messages are published`,
    { skip },
    async (t) => {
      const here = await killed(t, 'out', leave);
      // For another number of slots, an empty segment would be made anew.
      await bridgeUntilEmpty(here, 'out', bodies.length === 0 ? ['--slots', '1'] : []);
      const stored = await storedMessages(here);
      assert.deepEqual(
        stored.map(({ type, body }) => [type, body.toString()]),
        bodies.map((body) => ['3', body]),
      );
      for (const { id } of stored) assert.equal(id, messageId(here.instance, 1));
    },
  );
}

test('slots with a message are locked, and are not another bridge’s', { skip }, async (t) => {
  const here = await killed(t, 'out', (slot, store) => {
    prepared(slot, store, 'copied');
    slot.type = 3n;
    slot.room.write('copied');
  });
  assert.ok(SharedMemory.open(slotKey(here.key, 'out')).stat().locked);
  const { code, stderr } = await startBridge(here, 'out', ['--subject', 'test.other']).exit();
  assert.equal(code, 1);
  assert.match(stderr, /slots hold 1 message of a bridge with --stream TEST --subject test\.out/);
  await bridgeUntilEmpty(here, 'out');
  assert.equal((await storedMessages(here)).length, 1);
});

test('what the stream has is not published again, after its ids are forgotten', { skip }, async (t) => {
  const here = await killed(t, 'out', (slot) => taken(slot, 'whole'), {
    stream: { duplicate_window: 100_000_000 },
  });
  const publish = async (id: string): Promise<boolean> => {
    const made = headers();
    made.set('Nats-Msg-Id', id);
    return (await jetstream(here.connection).publish('test.out', 'whole', { headers: made })).duplicate;
  };
  await publish(messageId(here.instance, 1));
  await publish('later');
  await until(async () => !(await publish('later')), 'the stream to forget');
  await bridgeUntilEmpty(here, 'out');
  const ids = (await storedMessages(here)).map(({ id }) => id);
  assert.deepEqual(ids, [messageId(here.instance, 1), 'later', 'later']);
});

test(
  'in a stream that was created again, messages in slots are published, and the log says so',
  { skip },
  async (t) => {
    const here = await killed(t, 'out', (slot, { header }) => {
      taken(slot, 'whole');
      slot.after = header.acked = 500;
      header.created = '2026-01-01T00:00:00Z';
    });
    assert.match(await bridgeUntilEmpty(here, 'out'), /stream TEST was created again since/);
    assert.equal((await storedMessages(here)).length, 1);
    assert.equal((await statusOf(here))[0]?.position, 1);
  },
);

test('slots that are made anew give their messages new ids', { skip }, async (t) => {
  const here = await scene(t);
  const options = { direction: 'out', slots: 1, stream: STREAM, subject: 'test.out' } as const;
  const instances = [1, 2].map(() => {
    using store = SlotStore.open(here.queue, options);
    SharedMemory.removeId(SharedMemory.open(slotKey(here.key, 'out')).id);
    return store.header.instance;
  });
  assert.equal(new Set(instances).size, 2);
});

async function publishTyped({ connection }: Scene, type: string): Promise<void> {
  const made = headers();
  made.set('Sysv-Type', type);
  await jetstream(connection).publish('test.in', `of type ${type}`, { headers: made });
}

test(
  'what was sent before a kill is not sent again, though its slot is not free yet',
  { skip },
  async (t) => {
    const here = await killed(t, 'in', (slot, { header }) => {
      slot.sequence = header.position = 1;
      slot.type = 1n;
      slot.want = slot.room.write('of type 1');
      slot.state = SLOT_STATE.sending;
    });
    for (const type of ['1', '2']) await publishTyped(here, type);
    const bridge = await runningBridge(here, 'in');
    assert.equal((await here.queue.receive()).type, 2);
    await stopBridge(bridge);
    assert.equal(here.queue.stat().messages, 0);
  },
);

test(
  'without its slots, a bridge into a queue goes on where the server knows it was, and says so',
  { skip },
  async (t) => {
    const here = await scene(t);
    for (const type of ['1', '2', '3']) await publishTyped(here, type);
    const first = await runningBridge(here, 'in');
    for (const type of [1, 2, 3]) assert.equal((await here.queue.receive()).type, type);
    await stopBridge(first);
    SharedMemory.removeId(SharedMemory.open(slotKey(here.key, 'in')).id);
    await publishTyped(here, '4');
    const next = await runningBridge(here, 'in');
    assert.equal((await here.queue.receive()).type, 4);
    await stopBridge(next);
    assert.match(next.stderr, /the slots were gone .* messages up to 3 were sent/);
    assert.equal(here.queue.stat().messages, 0);
  },
);
