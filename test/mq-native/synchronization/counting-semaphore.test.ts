import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { CountingSemaphore, GoneError, SemaphoreSet } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { skipWithout, startPeer } from '../../helpers/foreign.js';
import { freshKey } from '../../helpers/keys.js';
import { skipWithoutProcesses } from '../../helpers/limits.js';
import { untilBlocked } from '../../helpers/threads.js';
import { soon, startUser, tracked } from './primitives.js';
import { uninterrupted } from '../../helpers/uninterrupted.js';
import { startWorker } from '../../helpers/worker.js';

test('as many are let in as there are permits', async (t) => {
  const semaphore = tracked(t, CountingSemaphore.createPrivate({ permits: 3 }));
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      await using held = await semaphore.acquire();
      assert.equal(held.permits, 1);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    }),
  );
  assert.ok(most <= 3);
  assert.equal(semaphore.available, 3);
});

test('several permits are acquired all at once or not at all', async (t) => {
  const semaphore = tracked(t, CountingSemaphore.createPrivate({ permits: 2 }));
  assert.equal(semaphore.tryAcquire({ permits: 3 }), undefined);
  assert.equal(semaphore.available, 2);
  const waiting = semaphore.acquire({ permits: 3 });
  await untilBlocked('semtimedop');
  semaphore.release();
  const held = await waiting;
  assert.equal(semaphore.available, 0);
  held.release();
  held.release();
  assert.equal(semaphore.available, 3);
});

test('permits that are used up are given by others, one for each item', async (t) => {
  const items = tracked(t, CountingSemaphore.createPrivate({ permits: 0 }));
  const consumer = startUser(
    t,
    items,
    `const items = mq.CountingSemaphore.fromId(id);
    for (let count = 1; count <= 3; count++) {
      await items.acquire({ undo: false });
      console.log('item', count);
    }
    process.exit();`,
  );
  items.release(3);
  await consumer.exit();
  assert.equal(items.available, 0, 'what was used up does not come back with the end of the process');
});

test('timeout, abort and close end a wait, and nothing was taken', async (t) => {
  const semaphore = tracked(t, CountingSemaphore.createPrivate({ permits: 1 }));
  await assert.rejects(semaphore.acquire({ permits: 2, timeout: 5 }), { code: 'ETIMEDOUT' });
  assert.throws(() => uninterrupted(() => semaphore.acquireSync({ permits: 2, timeout: 5 })), {
    code: 'ETIMEDOUT',
  });
  await assert.rejects(semaphore.acquire({ permits: 2, signal: AbortSignal.timeout(5) }), {
    name: 'AbortError',
  });
  semaphore.release(2);
  const held = [semaphore.acquireSync(), await semaphore.acquire(), semaphore.tryAcquire()];
  const waiting = semaphore.acquire();
  await untilBlocked('semtimedop');
  semaphore.close();
  await assert.rejects(waiting, { code: 'ECANCELED' });
  for (const each of held) each?.release();
  assert.equal(CountingSemaphore.fromId(semaphore.id).available, 3);
});

test('removal ends waits with a GoneError, and there is nothing left to give back', async (t) => {
  const semaphore = tracked(t, CountingSemaphore.createPrivate({ permits: 1 }));
  const held = semaphore.acquireSync();
  const waiting = semaphore.acquire();
  await untilBlocked('semtimedop');
  semaphore.remove();
  await assert.rejects(waiting, GoneError);
  held.release();
  assert.throws(() => semaphore.available, GoneError);
});

test('the kernel gives back the permits of a process that is killed, and wakes who waits for them', async (t) => {
  const semaphore = tracked(t, CountingSemaphore.createPrivate({ permits: 5 }));
  const holder = startUser(
    t,
    semaphore,
    `const semaphore = mq.CountingSemaphore.fromId(id);
    semaphore.acquireSync({ permits: 2 });
    await semaphore.acquire();
    semaphore.tryAcquire({ undo: false });
    console.log('has them');`,
  );
  await holder.waitFor('has them');
  assert.equal(semaphore.available, 1);
  const waiting = semaphore.acquire({ permits: 4, ...soon });
  await untilBlocked('semtimedop');
  holder.kill('SIGKILL');
  (await waiting).release();
  assert.equal(semaphore.available, 4, 'all but the one that was used up');
});

test('a worker that is terminated gives its permits back', async (t) => {
  const semaphore = tracked(t, CountingSemaphore.createPrivate({ permits: 2 }));
  const worker = startWorker(
    t,
    `const { workerData, parentPort } = require('node:worker_threads');
    import('@timeq/mq-native').then(async ({ CountingSemaphore }) => {
      const semaphore = CountingSemaphore.fromId(workerData);
      semaphore.acquireSync();
      await semaphore.acquire();
      parentPort.postMessage('has them');
      setInterval(() => undefined, 1000);
    });`,
    { eval: true, workerData: semaphore.id },
  );
  await once(worker, 'message');
  assert.equal(semaphore.available, 0);
  await worker.terminate();
  assert.equal(semaphore.available, 2);
});

test(
  'of many processes that open or create at once, one sets the permits',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const key = freshKey(t);
    const racers = Array.from({ length: 6 }, () =>
      startUser(
        t,
        { id: key },
        `console.log('ready');
      await line();
      mq.CountingSemaphore.openOrCreate(id, { permits: 10 }).acquireSync({ undo: false });
      console.log('took one');`,
      ),
    );
    for (const racer of racers) await racer.waitFor('ready');
    for (const racer of racers) racer.write('go\n');
    for (const racer of racers) await racer.waitFor('took one');
    assert.equal(CountingSemaphore.open(key).available, 10 - racers.length);
  },
);

test('a set whose creator was killed before it gave the permits gets them from the next one', (t) => {
  const key = freshKey(t);
  SemaphoreSet.create(key, { count: 2 });
  const early = CountingSemaphore.open(key);
  assert.equal(early.tryAcquire(), undefined);
  CountingSemaphore.openOrCreate(key, { permits: 4 });
  CountingSemaphore.openOrCreate(key, { permits: 4 });
  assert.equal(early.available, 4);
});

test('wrong numbers of permits are refused', (t) => {
  const key = freshKey(t);
  for (const permits of [-1, 1.5, 32768]) {
    assert.throws(() => CountingSemaphore.create(key, { permits }), RangeError);
  }
  const semaphore = CountingSemaphore.create(key, { permits: 32767 });
  assert.throws(() => semaphore.tryAcquire({ permits: 0 }), RangeError);
  assert.throws(() => {
    semaphore.release(0);
  }, RangeError);
  assert.throws(
    () => {
      semaphore.release();
    },
    { code: 'ERANGE' },
  );
});

test(
  'Python’s sysv_ipc takes and gives permits of the same semaphore, either one’s',
  { skip: skipWithout('python') },
  async (t) => {
    const key = freshKey(t);
    const python = `import sys, sysv_ipc
semaphore = sysv_ipc.Semaphore(int(sys.argv[1]), *([sysv_ipc.IPC_CREX, 0o600, 2] if sys.argv[2] == 'create' else []))
semaphore.undo = True
semaphore.acquire()
print('left', semaphore.value, flush=True)
sys.stdin.readline()`;
    const ours = CountingSemaphore.create(key, { permits: 2 });
    const user = startPeer(t, 'python', python, [key, 'open']);
    assert.equal(await user.nextLine(), 'left 1');
    using held = ours.acquireSync();
    assert.equal(held.permits, 1);
    assert.equal(ours.tryAcquire(), undefined);
    user.kill('SIGKILL');
    (await ours.acquire()).release();

    const otherKey = freshKey(t);
    const creator = startPeer(t, 'python', python, [otherKey, 'create']);
    assert.equal(await creator.nextLine(), 'left 1');
    const theirs = CountingSemaphore.open(otherKey);
    assert.equal(theirs.available, 1);
    creator.write('end\n');
    await until(() => theirs.available === 2, 'the end of Python');
  },
);
