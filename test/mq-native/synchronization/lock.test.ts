import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { GoneError, IpcError, Lock, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { freshKey } from '../../helpers/keys.js';
import { skipWithoutProcesses } from '../../helpers/limits.js';
import { runSnippet } from '../../helpers/node.js';
import { untilBlocked } from '../../helpers/threads.js';
import { trackSegment } from '../../helpers/tracking.js';
import { asNobody, reportCode, skipWithoutNobody } from '../as-nobody.js';
import { semaphores, soon, startUser, tracked } from './primitives.js';
import { uninterrupted } from '../../helpers/uninterrupted.js';
import { startWorker } from '../../helpers/worker.js';

test('tasks of one process and handles on one lock exclude each other', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const other = Lock.fromId(lock.id);
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      await using held = await (index % 2 === 0 ? lock : other).acquire();
      assert.equal(held.held, true);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    }),
  );
  assert.equal(most, 1);
  assert.equal(lock.holder, undefined);
});

test('a lock held by a worker excludes the main thread', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const worker = startWorker(
    t,
    `const { parentPort, workerData } = require('node:worker_threads');
    import('@timeq/mq-native').then(({ Lock }) => {
      const held = Lock.fromId(workerData).acquireSync();
      parentPort.postMessage('has it');
      parentPort.once('message', () => held.release());
    });`,
    { eval: true, workerData: lock.id },
  );
  const ended = once(worker, 'exit');
  await once(worker, 'message');
  assert.equal(lock.tryAcquire(), undefined);
  const waiting = lock.acquire();
  worker.postMessage('release');
  const held = await waiting;
  assert.equal(held.formerHolderDied, false);
  held.release();
  await ended;
});

test('tryAcquire takes a free lock and says undefined for one that is held; holder tells by whom', (t) => {
  const lock = tracked(t, Lock.createPrivate());
  assert.equal(lock.holder, undefined);
  const held = lock.tryAcquire();
  assert.equal(held?.held, true);
  assert.equal(lock.tryAcquire(), undefined);
  assert.equal(lock.holder, process.pid);
  held?.release();
  assert.equal(held?.held, false);
  assert.equal(lock.holder, undefined);
});

test('using releases at the end of its block, and to release twice is to release once', (t) => {
  const lock = tracked(t, Lock.createPrivate());
  {
    using held = lock.acquireSync();
    assert.equal(held.held, true);
    held.release();
    using next = lock.acquireSync();
    held.release();
    assert.equal(next.held, true);
    assert.equal(lock.tryAcquire(), undefined);
  }
  assert.deepEqual(semaphores(lock).values(), [0, 0]);
});

test('acquireSync of a lock that this thread holds is refused, since it would wait for itself', (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const held = lock.acquireSync();
  assert.throws(() => lock.acquireSync(soon), { code: 'EDEADLK' });
  assert.throws(() => Lock.fromId(lock.id).acquireSync({ timeout: 1 }), { code: 'EDEADLK' });
  held.release();
  lock.acquireSync().release();
});

test('a timeout or an abort ends the wait, and the lock is not held', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const user = startUser(
    t,
    lock,
    `const held = mq.Lock.fromId(id).acquireSync();
    console.log('has it');
    await line();
    held.release();
    console.log('released');`,
  );
  await user.waitFor('has it');
  assert.equal(lock.holder, user.pid);
  await assert.rejects(lock.acquire({ timeout: 0 }), { code: 'ETIMEDOUT' });
  await assert.rejects(lock.acquire({ timeout: 5 }), (error) => error instanceof IpcError && error.timedOut);
  assert.throws(() => uninterrupted(() => lock.acquireSync({ timeout: 5 })), { code: 'ETIMEDOUT' });
  const controller = new AbortController();
  const waiting = lock.acquire({ signal: controller.signal });
  await untilBlocked('semtimedop');
  controller.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  user.write('release\n');
  await user.waitFor('released');
  using held = lock.tryAcquire();
  assert.equal(held?.formerHolderDied, false);
});

test('a lock that comes at the moment of an abort is either held or left to the next one', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  for (let round = 0; round < 200; round++) {
    const held = lock.acquireSync();
    const controller = new AbortController();
    const waiting = lock.acquire({ signal: controller.signal });
    if (round % 2 === 0) await until(() => semaphores(lock).waitingForZero() === 1, 'a wait');
    held.release();
    controller.abort();
    try {
      (await waiting).release();
    } catch (error) {
      assert.equal((error as Error).name, 'AbortError');
    }
    assert.deepEqual(semaphores(lock).values(), [0, 0]);
  }
});

test('close ends waits, and what is held can still be released', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const held = lock.acquireSync();
  const waiting = lock.acquire();
  await untilBlocked('semtimedop');
  lock.close();
  await assert.rejects(waiting, { code: 'ECANCELED' });
  await assert.rejects(lock.acquire(), { code: 'ECANCELED' });
  held.release();
  Lock.fromId(lock.id).acquireSync().release();
});

test('removing a lock ends waits with a GoneError, and there is nothing left to release', async (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const held = lock.acquireSync();
  const waiting = lock.acquire();
  await untilBlocked('semtimedop');
  lock.remove();
  await assert.rejects(waiting, GoneError);
  held.release();
  assert.throws(() => lock.tryAcquire(), GoneError);
  assert.throws(() => Lock.fromId(lock.id), GoneError);
});

test('create, open and openOrCreate treat a key as semaphore sets do', (t) => {
  const key = freshKey(t);
  assert.throws(() => Lock.open(key), { code: 'ENOENT' });
  const lock = Lock.create(key, { mode: 0o660 });
  assert.equal(lock.key, key);
  assert.equal(semaphores(lock).stat().mode, 0o660);
  assert.throws(() => Lock.create(key), { code: 'EEXIST' });
  assert.equal(Lock.open(key).id, lock.id);
  assert.equal(Lock.openOrCreate(key).id, lock.id);
});

test('a semaphore set of another kind is not taken for a lock', (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { count: 3 });
  for (const open of [() => Lock.open(key), () => Lock.openOrCreate(key), () => Lock.fromId(set.id)]) {
    assert.throws(open, /EEXIST: another kind of semaphore set has that key/);
  }
});

test('a lock whose semaphores another program has set says so at release', (t) => {
  const lock = tracked(t, Lock.createPrivate());
  const held = lock.acquireSync();
  semaphores(lock).setValues([0, 0]);
  assert.throws(
    () => {
      held.release();
    },
    { code: 'EPROTO' },
  );
  lock.acquireSync().release();
});

test(
  'a user who may not use the lock is told so when it is opened',
  { skip: skipWithoutNobody },
  async (t) => {
    const lock = tracked(t, Lock.createPrivate({ mode: 0o602 }));
    const { stdout } = await asNobody(
      t,
      `${reportCode}
    report(() => mq.Lock.fromId(Number(process.argv[1])));`,
      [lock.id],
    );
    assert.match(stdout, /^EACCES /);
  },
);

test(
  'processes that add under a lock lose no addition, whichever creates it',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const key = freshKey(t);
    const segment = trackSegment(t, SharedMemory.createPrivate({ bytes: 8 }));
    const additions = 3000;
    const adder = `import { Lock, SharedMemory } from '@timeq/mq-native';
    const [, key, id, form] = process.argv;
    const lock = Lock.openOrCreate(Number(key));
    const numbers = SharedMemory.fromId(Number(id)).view(Float64Array);
    for (let count = 0; count < ${additions}; count++) {
      const held = form === 'sync' ? lock.acquireSync() : await lock.acquire();
      const before = numbers[0];
      for (let spin = 0; spin < 100; spin++);
      numbers[0] = before + 1;
      held.release();
    }`;
    const ends = await Promise.all(
      ['sync', 'async', 'sync', 'async'].map((form) => runSnippet(t, adder, [key, segment.id, form])),
    );
    for (const { code, stderr } of ends) assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.equal(segment.view(Float64Array)[0], 4 * additions);
    segment.close();
  },
);
