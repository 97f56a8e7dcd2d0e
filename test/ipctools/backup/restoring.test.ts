import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { copyQueue, planRestore, restoreQueues, type Destination, type QueueCopy } from '@timeq/ipctools';
import { freshKey } from '../../helpers/keys.js';
import { queueAt } from '../../helpers/kernel-table.js';
import { trackQueue } from '../../helpers/tracking.js';

/** A copy of a queue that is no more. */
function copyOf(key: number, bodies: readonly string[], maxBytes?: number): QueueCopy {
  const queue = MessageQueue.create(key, { mode: 0o666 });
  for (const body of bodies) queue.trySend(1, body);
  if (maxBytes !== undefined) queue.set({ maxBytes });
  const copy = copyQueue(queue);
  queue.remove();
  return copy;
}

function plan(
  copies: readonly QueueCopy[],
  destination: Destination = { to: 'same key' },
): ReturnType<typeof planRestore> {
  const plans = planRestore(copies, destination);
  assert.deepEqual(
    plans.flatMap(({ obstacles }) => obstacles),
    [],
  );
  return plans;
}

function bodiesIn(queue: MessageQueue): string[] {
  return [...queue.peekAll()].map(({ body }) => body.toString());
}

test('only its owner may use a queue before all messages are in it', (t) => {
  const key = freshKey(t);
  const plans = plan([copyOf(key, ['one', 'two'])]);
  const modes: unknown[] = [];
  // oxlint-disable-next-line typescript/unbound-method -- it is called on its queue
  const { trySend } = MessageQueue.prototype;
  t.mock.method(MessageQueue.prototype, 'trySend', function (this: MessageQueue, type: number, body: string) {
    const sent = trySend.call(this, type, body);
    modes.push(queueAt(key)?.['perms']);
    return sent;
  });
  restoreQueues(plans);
  assert.deepEqual([modes, queueAt(key)?.['perms']], [[0o600, 0o600], 0o666]);
});

test('a queue goes back to whom it was given', (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key, { mode: 0o666 });
  queue.set({ uid: 54_321, gid: 54_322 });
  const copy = copyQueue(queue);
  queue.remove();
  restoreQueues(plan([copy]));
  assert.deepEqual([queueAt(key)?.['uid'], queueAt(key)?.['gid']], [54_321, 54_322]);
});

test('when a later queue cannot be created, those that were created before it are gone again', (t) => {
  const [first, second, third] = [freshKey(t), freshKey(t), freshKey(t)];
  const plans = plan([copyOf(first, ['one']), copyOf(second, ['two']), copyOf(third, ['three'])]);
  const other = MessageQueue.create(third);
  assert.throws(() => restoreQueues(plans), { code: 'EEXIST' });
  assert.deepEqual([queueAt(first), queueAt(second)], [undefined, undefined]);
  assert.equal(queueAt(third)?.['msqid'], other.id);
});

test('a queue that was there before stays when the restoration fails, and what is in it is said', (t) => {
  const [first, second] = [freshKey(t), freshKey(t)];
  const copies = [copyOf(first, ['one']), copyOf(second, ['two'])];
  const there = MessageQueue.create(first);
  const plans = plan(copies);
  MessageQueue.create(second);
  assert.throws(
    () => restoreQueues(plans),
    new RegExp(`EEXIST.*; some messages are in queue ${there.id} .*now$`),
  );
  assert.deepEqual(bodiesIn(there), ['one']);
});

test('a message that finds no room any more makes the restoration fail', (t) => {
  const copy = copyOf(freshKey(t), ['one', 'a longer one']);
  const queue = trackQueue(t, MessageQueue.createPrivate());
  queue.set({ maxBytes: 20 });
  const plans = plan([copy], { to: 'queue', id: queue.id });
  queue.trySend(9, 'from others');
  assert.throws(() => restoreQueues(plans), /is full: another process sent to it during the restore/);
  assert.deepEqual(bodiesIn(queue), ['from others', 'one']);
});

test('a queue that held more than its limit comes back with all of it, and with that limit', (t) => {
  const key = freshKey(t);
  const copy = copyOf(key, ['one', 'two', 'three'], 5);
  const queue = MessageQueue.create(key);
  queue.set({ maxBytes: 5 });
  assert.deepEqual(restoreQueues(plan([copy])), [queue.id]);
  assert.deepEqual([bodiesIn(queue), queue.stat().maxBytes], [['one', 'two', 'three'], 5]);
});
