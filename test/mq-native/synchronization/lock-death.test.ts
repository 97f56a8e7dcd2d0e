import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Lock, SharedMemory } from '@timeq/mq-native';
import { deadline, until } from '../../helpers/deadline.js';
import { skipWithoutProcesses } from '../../helpers/limits.js';
import { trackSegment } from '../../helpers/tracking.js';
import { startWorker } from '../../helpers/worker.js';
import { semaphores, soon, startUser, tracked } from './primitives.js';

const hold = `await mq.Lock.fromId(id).acquire(); console.log('has it');`;

test('the kernel releases the lock of a holder that is killed, and tells the next one', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const acquire = [() => lock.acquire(soon), () => lock.acquireSync(soon), () => lock.tryAcquire()];
  for (const each of acquire) {
    const holder = startUser(t, lock, hold);
    await holder.waitFor('has it');
    await holder.end();
    const held = await each();
    assert.equal(held?.formerHolderDied, true);
    held?.release();
    using next = lock.acquireSync(soon);
    assert.equal(next.formerHolderDied, false, 'a release is the end of it');
  }
});

test('a waiter gets the lock at once when the holder is killed', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const holder = startUser(t, lock, hold);
  await holder.waitFor('has it');
  const waiting = lock.acquire(soon);
  holder.kill('SIGKILL');
  const held = await waiting;
  assert.equal(held.formerHolderDied, true);
  held.release();
});

test('to end without releasing is to die, also for process.exit', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const holder = startUser(t, lock, 'mq.Lock.fromId(id).acquireSync(); process.exit(0);');
  await holder.exit();
  using held = lock.acquireSync(soon);
  assert.equal(held.formerHolderDied, true);
});

test('each holder is told until one of them releases the lock, however many die before', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  for (let deaths = 1; deaths <= 4; deaths++) {
    const holder = startUser(
      t,
      lock,
      `console.log('died before me:', (await mq.Lock.fromId(id).acquire()).formerHolderDied);`,
    );
    assert.equal(await holder.nextLine(), `died before me: ${deaths > 1}`);
    await holder.end();
    assert.ok((semaphores(lock).value(1) ?? 0) <= 2, 'the mark does not grow with each death');
  }
  const held = lock.acquireSync(soon);
  assert.equal(held.formerHolderDied, true);
  held.release();
  assert.deepEqual(semaphores(lock).values(), [0, 0]);
});

test('a process that is killed while it waits changes nothing', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const held = lock.acquireSync(soon);
  const waiter = startUser(t, lock, hold);
  await until(() => semaphores(lock).waitingForZero() === 1, 'the wait');
  await waiter.end();
  held.release();
  using next = lock.acquireSync(soon);
  assert.equal(next.formerHolderDied, false);
});

const inWorker = (steps: string): string => `
  const { workerData, parentPort } = require('node:worker_threads');
  import('@timeq/mq-native').then(async ({ Lock }) => {
    const lock = Lock.fromId(workerData);
    ${steps}
    setInterval(() => undefined, 1000);
  });`;

test('a worker that is terminated gives its lock back as a process does', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  for (const form of ['acquireSync', 'acquire', 'tryAcquire']) {
    const worker = startWorker(t, inWorker(`await lock.${form}(); parentPort.postMessage('has it');`), {
      eval: true,
      workerData: lock.id,
    });
    await once(worker, 'message');
    assert.equal(lock.tryAcquire(), undefined);
    await deadline(worker.terminate(), 'the end of the worker');
    using held = lock.tryAcquire();
    assert.equal(held?.formerHolderDied, true, form);
  }
});

test('a worker that gets the lock while it is terminated gives it back', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  for (let round = 0; round < 10; round++) {
    const held = lock.acquireSync(soon);
    const worker = startWorker(t, inWorker('await lock.acquire();'), { eval: true, workerData: lock.id });
    await until(() => semaphores(lock).waitingForZero() === 1, 'the wait');
    held.release();
    await deadline(worker.terminate(), 'the end of the worker');
    using next = lock.tryAcquire();
    assert.equal(next?.held, true);
  }
});

test('the end of a former holder, process or worker, leaves the lock to the one that has it now', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const user = startUser(t, lock, `mq.Lock.fromId(id).acquireSync().release(); console.log('released');`);
  await user.waitFor('released');
  const worker = startWorker(
    t,
    inWorker(`lock.acquireSync().release(); parentPort.postMessage('released');`),
    {
      eval: true,
      workerData: lock.id,
    },
  );
  await once(worker, 'message');
  using held = lock.acquireSync(soon);
  await user.end();
  await deadline(worker.terminate(), 'the end of the worker');
  assert.equal(held.formerHolderDied, false);
  assert.deepEqual(semaphores(lock).values(), [1, 1]);
});

test(
  'killed at any moment, a holder leaves a lock that tells the truth about what it protects',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const lock = tracked(t, Lock.createPrivate());
    const segment = trackSegment(t, SharedMemory.createPrivate({ bytes: 16 }));
    const numbers = segment.view(Int32Array);
    let found = 0;
    // Nearly all of a round is the middle of a change, but chance decides.
    for (let round = 0; round < 15 || found === 0; round++) {
      const user = startUser(
        t,
        lock,
        `const lock = mq.Lock.fromId(id);
      const numbers = mq.SharedMemory.fromId(Number(process.argv[2])).view(Int32Array);
      console.log('begins');
      for (let count = 0; ; count++) {
        const held = process.argv[3] === '0' ? lock.acquireSync() : await lock.acquire();
        numbers[0] += 1;
        for (let spin = 0; spin < 300_000; spin++);
        numbers[1] += 1;
        held.release();
      }`,
        segment.id,
        round % 2,
      );
      await user.waitFor('begins');
      const before = numbers[0] ?? 0;
      await until(() => (numbers[0] ?? 0) > before + 20, 'some rounds');
      await user.end();
      using held = lock.acquireSync(soon);
      if (numbers[0] === numbers[1]) continue;
      assert.equal(held.formerHolderDied, true, 'half of a change is there, and the holder was not told');
      found += 1;
      numbers[1] = numbers[0] ?? 0;
    }
    segment.close();
  },
);
