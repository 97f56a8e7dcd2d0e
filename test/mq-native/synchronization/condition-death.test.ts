import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { Condition, SharedMemory } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { skipWithoutProcesses } from '../../helpers/limits.js';
import type { RunningProcess } from '../../helpers/process.js';
import { trackSegment } from '../../helpers/tracking.js';
import { startWorker } from '../../helpers/worker.js';
import { held, semaphores, startUser, tracked, untilWaiting, waiting } from './primitives.js';

/** A process that waits once, says how it was woken, and then holds the lock. */
function startWaiter(t: TestContext, condition: Condition, then = 'held.release();'): RunningProcess {
  return startUser(
    t,
    condition,
    `const condition = mq.Condition.fromId(id);
    const held = await condition.lock.acquire();
    await condition.wait(held);
    console.log('awake, died:', held.formerHolderDied);
    ${then}`,
  );
}

test('a process that is killed while it waits is not notified any more', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const doomed = startWaiter(t, condition);
  await untilWaiting(condition, 1);
  const other = startWaiter(t, condition);
  await untilWaiting(condition, 2);
  await doomed.end();
  assert.equal(semaphores(condition).value(waiting), 1);
  using mine = condition.lock.acquireSync();
  assert.equal(mine.formerHolderDied, false);
  assert.equal(condition.notify(mine), 1);
  mine.release();
  assert.equal(await other.nextLine(), 'awake, died: false');
});

test('the death of a holder wakes all who wait, and each sees or is spared the damage by the one before', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const waiters = [startWaiter(t, condition), startWaiter(t, condition), startWaiter(t, condition)];
  await untilWaiting(condition, 3);
  const holder = startUser(
    t,
    condition,
    `await mq.Condition.fromId(id).lock.acquire(); console.log('has it');`,
  );
  await holder.waitFor('has it');
  await holder.end();
  const lines = await Promise.all(waiters.map((waiter) => waiter.nextLine()));
  assert.deepEqual(lines.toSorted(), ['awake, died: false', 'awake, died: false', 'awake, died: true']);
  await until(
    () =>
      semaphores(condition)
        .values()
        .every((value) => value === 0),
    'the last release',
  );
});

test('a notification does not die with the process that it was for, before it has the lock', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const doomed = startWaiter(t, condition);
  await untilWaiting(condition, 1);
  const other = startWaiter(t, condition);
  await untilWaiting(condition, 2);
  const mine = condition.lock.acquireSync();
  assert.equal(condition.notify(mine), 1);
  // The kernel serves the one that has waited longest; it now waits for the lock.
  await until(() => semaphores(condition).waitingForZero(held) === 1, 'the wait for the lock');
  await doomed.end();
  await until(() => semaphores(condition).waitingForZero(held) === 1, 'the other one’s wait for the lock');
  assert.equal(semaphores(condition).value(waiting), 0);
  mine.release();
  assert.equal(await other.nextLine(), 'awake, died: false');
});

test('a notification does not die with the process that it was for, when it has the lock', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const doomed = startWaiter(t, condition, '');
  await untilWaiting(condition, 1);
  const other = startWaiter(t, condition);
  await untilWaiting(condition, 2);
  const mine = condition.lock.acquireSync();
  assert.equal(condition.notify(mine), 1);
  mine.release();
  assert.equal(await doomed.nextLine(), 'awake, died: false');
  await doomed.end();
  assert.equal(await other.nextLine(), 'awake, died: true');
});

test('a death that wakes no waiter leaves no notification behind', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  for (let deaths = 0; deaths < 3; deaths++) {
    const holder = startUser(
      t,
      condition,
      `mq.Condition.fromId(id).lock.acquireSync(); console.log('has it');`,
    );
    await holder.waitFor('has it');
    await holder.end();
  }
  const mine = condition.lock.acquireSync();
  assert.equal(mine.formerHolderDied, true);
  await assert.rejects(condition.wait(mine, { timeout: 5 }), { code: 'ETIMEDOUT' });
  mine.release();
  assert.deepEqual(semaphores(condition).values(), [0, 0, 0, 0]);
});

test(
  'killed at any moment, consumers leave no item behind for which a process waits',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const condition = tracked(t, Condition.createPrivate());
    const segment = trackSegment(t, SharedMemory.createPrivate({ bytes: 4 }));
    const items = segment.view(Int32Array);
    const consumers = Array.from({ length: 8 }, (_, index) =>
      startUser(
        t,
        condition,
        `const condition = mq.Condition.fromId(id);
      const items = mq.SharedMemory.fromId(Number(process.argv[2])).view(Int32Array);
      for (;;) {
        const held = await condition.lock.acquire();
        while (items[0] === 0) {
          if (process.argv[3] === '0') await condition.wait(held);
          else condition.waitSync(held);
        }
        for (let spin = 0; spin < 100_000; spin++);
        items[0] -= 1;
        held.release();
      }`,
        segment.id,
        index % 2,
      ),
    );
    while (consumers.length > 1) {
      await untilWaiting(condition, consumers.length);
      const mine = await condition.lock.acquire();
      const count = Math.min(consumers.length, 1 + (consumers.length % 3));
      items[0] = count;
      assert.equal(condition.notify(mine, count), count);
      mine.release();
      // Any moment will do: before it is woken, while it waits for the lock, while it has it, or afterwards.
      for (let spin = 0; spin < consumers.length * 100_000; spin++);
      const doomed = consumers.shift();
      await doomed?.end();
      await until(() => items[0] === 0, 'the end of all items');
    }
    segment.close();
  },
);

test('a worker that is terminated while it waits leaves nothing that others would notify', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  for (const wait of ['await condition.wait(held)', 'condition.waitSync(held)']) {
    const worker = startWorker(
      t,
      `const { workerData, parentPort } = require('node:worker_threads');
      import('@timeq/mq-native').then(async ({ Condition }) => {
        const condition = Condition.fromId(workerData);
        const held = await condition.lock.acquire();
        parentPort.postMessage('waiting');
        ${wait};
      });`,
      { eval: true, workerData: condition.id },
    );
    await once(worker, 'message');
    await untilWaiting(condition, 1);
    await worker.terminate();
    using mine = condition.lock.acquireSync();
    assert.equal(mine.formerHolderDied, false);
    assert.equal(condition.notifyAll(mine), 0);
  }
  assert.deepEqual(semaphores(condition).values(), [0, 0, 0, 0]);
});

test('a worker that is terminated with the lock wakes those who wait, as a process that dies does', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const waiter = startWaiter(t, condition);
  await untilWaiting(condition, 1);
  const worker = startWorker(
    t,
    `const { workerData, parentPort } = require('node:worker_threads');
    import('@timeq/mq-native').then(async ({ Condition }) => {
      await Condition.fromId(workerData).lock.acquire();
      parentPort.postMessage('has it');
      setInterval(() => undefined, 1000);
    });`,
    { eval: true, workerData: condition.id },
  );
  await once(worker, 'message');
  await worker.terminate();
  assert.equal(await waiter.nextLine(), 'awake, died: true');
});
