// What ipctools makes of the segment with a bridge's slots. No bridge runs: the segment is as one left it.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { formatKey, MessageQueue, SharedMemory } from '@timeq/mq-native';
import { beginSlotSegment, SLOT_STATE, slotKey } from '@timeq/mq-native/message-slots';
import { readSlots } from '#ipctools/model/slots';
import { snapshotOf } from '#bridge/slots/snapshot';
import { SlotStore } from '#bridge/slots/slot-store';
import { bin, runNode } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import { skipWithoutPower } from '../helpers/users.js';
import { bridgeKey } from './support.js';

const skip = process.platform === 'linux' ? false : 'a bridge runs on Linux only';

function tools(t: TestContext, ...words: string[]): Promise<Exit> {
  return runNode(t, [bin('ipctools'), ...words]);
}

/** A queue, and the slots of a bridge that ended with so many messages in them. */
function leftSlots(t: TestContext, held: number): { key: number; queue: MessageQueue; id: number } {
  const key = bridgeKey(t);
  const queue = MessageQueue.create(key);
  const store = SlotStore.open(queue, { direction: 'out', slots: 4, stream: 'TEST', subject: 'test.out' });
  for (const slot of store.slots.slice(0, held)) {
    slot.type = 1n;
    slot.want = slot.room.write('on its way');
    slot.generation = slot.index + 1;
    slot.state = SLOT_STATE.taken;
  }
  store.close();
  queue.close();
  return { key, queue, id: SharedMemory.open(slotKey(key, 'out')).id };
}

test('lists, show and overview name the slots of a bridge and their queue', { skip }, async (t) => {
  const { key, queue, id } = leftSlots(t, 1);
  const slots = async (): Promise<unknown> => {
    const { stdout } = await tools(t, 'list', 'segments', '--json');
    const { segments } = JSON.parse(stdout) as { segments: ReadonlyArray<{ id: number; slots: string[] }> };
    return segments.find((segment) => segment.id === id)?.slots;
  };
  assert.deepEqual(await slots(), ['out', formatKey(key)]);
  const { stdout } = await tools(t, 'show', formatKey(key));
  assert.match(stdout, new RegExp(`\nbridge +out, with its slots in segment ${id} \\(see`));
  const shown = JSON.parse((await tools(t, 'show', formatKey(key), '--json')).stdout) as {
    queue: { bridges: unknown };
  };
  assert.deepEqual(shown.queue.bridges, [{ direction: 'out', segment: id }]);
  assert.match((await tools(t, 'overview')).stdout, /segments .* [1-9]\d* with slots of timeq-bridge\n/);
  MessageQueue.removeId(queue.id);
  assert.deepEqual(await slots(), ['orphaned']);
});

test('slots take the place of what a killed bridge has not written, and of nothing else', { skip }, (t) => {
  const key = bridgeKey(t);
  const queue = MessageQueue.create(key);
  const open = (): SlotStore =>
    SlotStore.open(queue, { direction: 'out', slots: 4, stream: 'TEST', subject: 'test.out' });
  const stranger = SharedMemory.create(slotKey(key, 'out'), { bytes: 9000 });
  const attachment = stranger.attach();
  const refusal = { code: 'FAILED', message: /is no bridge's; remove it with `ipcrm -m \d+` if no program/ };
  // Nothing but zeros, and in use.
  assert.throws(open, refusal);
  attachment.view(Uint8Array)[8] = 1;
  attachment.detach();
  assert.throws(open, refusal);
  assert.equal(stranger.stat().id, stranger.id);
  stranger.remove();
  for (const begun of [false, true]) {
    const left = SharedMemory.create(slotKey(key, 'out'), { bytes: 9000 }).attach();
    if (begun) beginSlotSegment(left.view(DataView));
    left.detach();
    open().close();
    SharedMemory.open(slotKey(key, 'out')).remove();
  }
});

/** Any user can make the segment first, and its messages would go to the queue and the stream. */
test(
  'slots that another user made are not used, unless that user owns the queue',
  { skip: skip || skipWithoutPower() },
  (t) => {
    const { key, id } = leftSlots(t, 1);
    const segment = SharedMemory.fromId(id);
    const queue = MessageQueue.open(key);
    segment.set({ uid: 54321 });
    const refusal = {
      code: 'NOT_PERMITTED',
      message:
        /at the key of the slots and belongs to user 54321, who could read and change the messages in it/,
    };
    const options = { direction: 'out', slots: 4, stream: 'TEST', subject: 'test.out' } as const;
    assert.throws(() => SlotStore.open(queue, options), refusal);
    assert.throws(() => SlotStore.openLeft(key, 'out'), refusal);
    queue.set({ uid: 54321 });
    SlotStore.open(queue, options).close();
    const left = SlotStore.openLeft(key, 'out');
    assert.equal(left?.held.length, 1);
    left.close();
    queue.remove();
    assert.throws(() => SlotStore.openLeft(key, 'out'), refusal);
  },
);

test('empty slots grow with what the queue takes', { skip }, (t) => {
  const key = bridgeKey(t);
  const queue = MessageQueue.create(key);
  const options = { direction: 'out', slots: 4, stream: 'TEST', subject: 'test.out' } as const;
  const rooms = [1000, 4000, 2000].map((maxBytes) => {
    queue.set({ maxBytes });
    using store = SlotStore.open(queue, options);
    return store.scratch.room.length;
  });
  assert.deepEqual(rooms, [1000, 4000, 4000]);
  queue.close();
});

test('a look at slots leaves nothing attached', { skip }, (t) => {
  const { key, id } = leftSlots(t, 1);
  const segment = SharedMemory.fromId(id);
  const entry = SharedMemory.list().find((each) => each.id === id);
  assert.ok(entry);
  assert.equal(readSlots(entry)?.held, 1);
  assert.equal(snapshotOf(key, 'out')?.held, 1);
  assert.equal(segment.stat().attachments, 0);
});

test('to remove slots with messages is warned of and asked for, and then done', { skip }, async (t) => {
  const { key, id } = leftSlots(t, 3);
  const unasked = await tools(t, 'remove', '-m', String(id));
  assert.equal(unasked.code, 3);
  assert.match(
    unasked.stderr,
    new RegExp(
      `segment ${id} holds 3 messages of timeq-bridge out for key ${formatKey(key)}, lost if you remove it; .timeq-bridge slots ${formatKey(key)} --to-queue. puts`,
    ),
  );
  assert.match(unasked.stdout, /slots of timeq-bridge out for key 0x[0-9a-f]{8} with 3 messages/);
  assert.equal(SharedMemory.open(slotKey(key, 'out')).id, id);
  const removed = await tools(t, 'remove', '-m', String(id), '--yes');
  assert.equal(removed.code, 0, removed.stderr);
  assert.match(removed.stderr, /holds 3 messages/);
  assert.throws(() => SharedMemory.open(slotKey(key, 'out')), { code: 'ENOENT' });
});
