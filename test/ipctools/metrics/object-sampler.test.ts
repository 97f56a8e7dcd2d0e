import assert from 'node:assert/strict';
import test from 'node:test';
import { Facts, survey } from '@timeq/ipctools';
import { MessageQueue } from '@timeq/mq-native';
import { verdicts } from '#ipctools/evidence/survey';
import { FullestQueues } from '#ipctools/metrics/fullest-queues';
import { ObjectSampler } from '#ipctools/metrics/object-sampler';
import { fullness } from '#ipctools/model/queue-state';
import fc from 'fast-check';
import { freshKey } from '../../helpers/keys.js';

const criteria = { olderThanSeconds: 3600 };

test('a verdict without reasons is the one that stale gives', (t) => {
  const { id } = MessageQueue.create(freshKey(t));
  const facts = new Facts();
  const [quick] = [...verdicts(['queues'], criteria, facts)].filter(({ object }) => object.entry.id === id);
  const [full] = survey(['queues'], criteria, facts).filter(
    ({ evidence }) => evidence.object.entry.id === id,
  );
  assert.ok(quick && full);
  assert.equal(quick.verdict, full.verdict);
  assert.deepEqual(quick.semaphore, full.evidence.semaphore);
});

test('a sample has each queue once, or in what was left out', (t) => {
  const queues = [1, 2, 3].map((messages) => {
    const queue = MessageQueue.create(freshKey(t));
    for (let i = 0; i < messages; i++) queue.sendSync(1, 'four');
    return queue;
  });
  const whole = new ObjectSampler(criteria).sample();
  assert.equal(whole.queues.length, whole.all.queues);
  assert.deepEqual(whole.leftOut, { queues: 0, messages: 0, bytes: 0 });
  for (const [index, { id }] of queues.entries()) {
    const found = whole.queues.filter(({ entry }) => entry.id === id);
    assert.deepEqual(
      found.map(({ entry }) => [entry.messages, entry.bytes]),
      [[index + 1, 4 * (index + 1)]],
    );
  }
  const { queues: one, all, leftOut } = new ObjectSampler(criteria, 1).sample();
  assert.equal(one.length, 1);
  assert.equal(leftOut.queues, all.queues - 1);
  assert.equal(leftOut.messages, all.messages - (one[0]?.entry.messages ?? 0));
  assert.equal(leftOut.bytes, all.bytes - (one[0]?.entry.bytes ?? 0));
});

test('the fullest queues are those of a whole sort, and of equal ones the first', (t) => {
  const template = MessageQueue.create(freshKey(t)).stat();
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(10), (messages, most) => {
      const kept = new FullestQueues<{ entry: typeof template; index: number }>(most, ({ entry }) =>
        fullness(entry),
      );
      const queues = messages.map((count, index) => ({ entry: { ...template, messages: count }, index }));
      for (const queue of queues) kept.add(queue);
      const sorted = queues.toSorted((one, other) => other.entry.messages - one.entry.messages);
      const expected = queues.length > most ? sorted.slice(0, most) : queues;
      assert.deepEqual(
        kept.end().map(({ index }) => index),
        expected.map(({ index }) => index),
      );
    }),
  );
});
