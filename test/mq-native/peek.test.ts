import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, IpcError, MessageQueue } from '@timeq/mq-native';
import { queueWithId } from '../helpers/kernel-table.js';
import { asNobody, reportCode, skipWithoutNobody } from './as-nobody.js';
import { drain, privateQueue } from './queue.js';

/** MSG_COPY is a choice that is made when a kernel is built. */
function skipWithoutCopy(): string | false {
  const queue = MessageQueue.createPrivate();
  try {
    queue.peek();
    return false;
  } catch (error) {
    assert.ok(error instanceof IpcError && error.code === 'ENOSYS');
    return 'this kernel has no MSG_COPY (CONFIG_CHECKPOINT_RESTORE)';
  } finally {
    queue.remove();
  }
}

const options = { skip: skipWithoutCopy() };

test('peek gives a copy of the message at an index and takes nothing', options, async (t) => {
  const queue = privateQueue(t);
  for (const [type, body] of [
    [5, 'first'],
    [3, ''],
    [2 ** 40, 'third'],
  ] as const) {
    await queue.send(type, body);
  }
  assert.deepEqual(queue.peek(), { type: 5, body: Buffer.from('first') });
  assert.deepEqual(queue.peek(0), { type: 5, body: Buffer.from('first') });
  assert.deepEqual(queue.peek(1), { type: 3, body: Buffer.alloc(0) });
  assert.deepEqual(queue.peek(2), { type: 2 ** 40, body: Buffer.from('third') });
  assert.equal(queue.peek(3), undefined);
  assert.equal(queue.peek(2 ** 31 - 1), undefined);
  assert.deepEqual(drain(queue), [5, 3, 2 ** 40]);
  assert.equal(queue.peek(), undefined);
});

test('peekAll gives every message in order and takes nothing', options, async (t) => {
  const queue = privateQueue(t);
  assert.deepEqual([...queue.peekAll()], []);
  for (let type = 1; type <= 300; type++) queue.sendSync(type, String(type));
  assert.deepEqual(
    [...queue.peekAll()].map(({ type, body }) => [type, body.toString()]),
    Array.from({ length: 300 }, (_, index) => [index + 1, String(index + 1)]),
  );
  assert.equal(queueWithId(queue.id)?.['qnum'], 300);
});

test('a peek leaves no trace in the queue’s statistics', options, (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, 'x');
  const before = queueWithId(queue.id);
  queue.peek();
  assert.deepEqual(queueWithId(queue.id), before);
  assert.equal(before?.['lrpid'], 0);
});

test(
  'who may not read a queue may not peek into it',
  { skip: options.skip || skipWithoutNobody },
  async (t) => {
    const queue = privateQueue(t, { mode: 0o622 });
    queue.sendSync(1, 'secret');
    const { stdout } = await asNobody(
      t,
      `${reportCode} report(() => mq.MessageQueue.fromId(Number(process.argv[1])).peek());`,
      [queue.id],
    );
    assert.match(stdout, /^EACCES /);
  },
);

test('a peek into a queue that is gone says so, and an index that is none is refused', options, (t) => {
  const queue = privateQueue(t);
  for (const index of [-1, 1.5, Number.NaN, 2 ** 31]) {
    assert.throws(() => queue.peek(index), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
  }
  queue.remove();
  assert.throws(() => queue.peek(), GoneError);
  assert.throws(() => [...queue.peekAll()], GoneError);
});
