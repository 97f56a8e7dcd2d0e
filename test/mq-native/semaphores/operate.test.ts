import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GoneError, IpcError, SemaphoreSet } from '@timeq/mq-native';
import { deadline, hangMilliseconds, until } from '../../helpers/deadline.js';
import { runSnippet } from '../../helpers/node.js';
import { threadsIn, untilBlocked } from '../../helpers/threads.js';
import { privateSet } from './set.js';
import { uninterrupted } from '../../helpers/uninterrupted.js';
import { startWorker } from '../../helpers/worker.js';

test('all operations of a call are done at once, or none', (t) => {
  const set = privateSet(t, { initialValues: [1, 0] });
  assert.equal(
    set.tryOperate([
      { number: 0, delta: -1 },
      { number: 1, delta: -1 },
    ]),
    false,
  );
  assert.deepEqual(set.values(), [1, 0]);
  assert.equal(
    set.tryOperate([
      { number: 0, delta: -1 },
      { number: 1, delta: 2 },
    ]),
    true,
  );
  assert.deepEqual(set.values(), [0, 2]);
});

test('operations on one semaphore are done in their order', (t) => {
  const set = privateSet(t);
  assert.equal(set.tryOperate([{ delta: -1 }, { delta: 1 }]), false);
  assert.equal(set.tryOperate([{ delta: 1 }, { delta: -1 }]), true);
  assert.equal(set.tryOperate([{ delta: 0 }, { delta: 1 }]), true);
  assert.equal(set.tryOperate([{ delta: 0 }, { delta: 1 }]), false);
});

test('operate waits for an increase, and for zero', async (t) => {
  const set = privateSet(t);
  const increase = set.operate([{ delta: -2 }]);
  await untilBlocked('semtimedop');
  assert.equal(set.waitingForIncrease(), 1);
  set.tryOperate([{ delta: 1 }]);
  assert.equal(set.value(), 1);
  const zero = set.operate([{ delta: 0 }]);
  await untilBlocked('semtimedop', process.pid, 2);
  assert.equal(set.waitingForZero(), 1);
  set.tryOperate([{ delta: 1 }]);
  await Promise.all([increase, zero]);
  assert.equal(set.value(), 0);
});

test('an operation that is not to wait fails with EAGAIN, others of the call may wait', async (t) => {
  const set = privateSet(t);
  const refused = [{ delta: -1, wait: false }];
  const timeout = hangMilliseconds;
  await assert.rejects(set.operate(refused, { timeout }), { code: 'EAGAIN' });
  assert.throws(
    () => {
      uninterrupted(() => set.operateSync(refused, { timeout }));
    },
    { code: 'EAGAIN' },
  );
});

test('an operation that was refused at the moment at which its wait was cancelled is not done, and counts as cancelled', async (t) => {
  const set = privateSet(t, { count: 2 });
  const operations = [{ delta: -1 }, { number: 1, delta: -1, wait: false }];
  const refuse = (): void => {
    set.tryOperate([{ delta: 1 }]);
    // Its thread is back, and the event loop has not turned.
    while (threadsIn('semtimedop') > 0);
    set.tryOperate([{ delta: -1 }]);
  };
  const controller = new AbortController();
  const aborted = assert.rejects(set.operate(operations, { signal: controller.signal }), {
    name: 'AbortError',
  });
  await untilBlocked('semtimedop');
  refuse();
  controller.abort();
  await aborted;
  const refused = assert.rejects(set.operate(operations), { code: 'EAGAIN' });
  await untilBlocked('semtimedop');
  refuse();
  await refused;
  assert.deepEqual(set.values(), [0, 0]);
});

test('a timeout that did not pass leaves no trace: the next wait is not ended by it', async (t) => {
  const set = privateSet(t);
  let [start, timeout, done] = [0, 25, false];
  // On a busy machine it may pass.
  while (!done) {
    set.setValue(0, 0);
    timeout *= 2;
    start = performance.now();
    const first = set.operate([{ delta: -1 }], { timeout });
    set.tryOperate([{ delta: 1 }]);
    done = (await Promise.allSettled([first]))[0].status === 'fulfilled';
  }
  // Its thread is this one's.
  const next = set.operate([{ delta: -1 }]);
  await until(() => performance.now() > start + 2 * timeout, 'the end of the time');
  await until(() => set.waitingForIncrease() === 1, 'the wait');
  set.tryOperate([{ delta: 1 }]);
  await next;
});

test('a blocking operation of a worker ends with its timeout, too, however long a worker blocks at a stretch', async (t) => {
  const set = privateSet(t);
  const worker = startWorker(
    t,
    `const { parentPort, workerData } = require('node:worker_threads');
    import('@timeq/mq-native').then(({ SemaphoreSet }) => {
      try {
        SemaphoreSet.fromId(workerData).operateSync([{ delta: -1 }], { timeout: 150 });
      } catch (error) {
        parentPort.postMessage(error.code);
      }
    });`,
    { eval: true, workerData: set.id },
  );
  assert.deepEqual(await deadline(once(worker, 'message'), 'the end of the block'), ['ETIMEDOUT']);
});

test('a timeout ends a wait, and nothing was done', async (t) => {
  const set = privateSet(t, { initialValues: [1] });
  for (const timeout of [0, 1, 20]) {
    await assert.rejects(set.operate([{ delta: -2 }], { timeout }), (error) => {
      assert.ok(error instanceof IpcError && error.timedOut);
      assert.match(error.message, new RegExp(`within ${timeout} ms`));
      return true;
    });
    assert.throws(
      () => {
        uninterrupted(() => set.operateSync([{ delta: -2 }], { timeout }));
      },
      { code: 'ETIMEDOUT' },
    );
  }
  assert.equal(set.value(), 1);
  assert.equal(set.waitingForIncrease(), 0);
});

test('a signal ends a wait with an AbortError that has its reason', async (t) => {
  const set = privateSet(t);
  const controller = new AbortController();
  const waiting = set.operate([{ delta: -1 }], { signal: controller.signal });
  await untilBlocked('semtimedop');
  controller.abort('enough');
  await assert.rejects(waiting, { name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
  assert.equal(threadsIn('semtimedop'), 0);
  await assert.rejects(set.operate([{ delta: 1 }], { signal: controller.signal }), { name: 'AbortError' });
  assert.equal(set.value(), 0, 'an aborted signal keeps even what could be done at once from being done');
});

test('close ends the waits of its handle, and no others', async (t) => {
  const set = privateSet(t);
  const other = SemaphoreSet.fromId(set.id);
  const cancelled = set.operate([{ delta: -1 }], { timeout: hangMilliseconds });
  const waiting = other.operate([{ delta: -1 }]);
  await untilBlocked('semtimedop', process.pid, 2);
  set.close();
  await assert.rejects(cancelled, { code: 'ECANCELED' });
  other.tryOperate([{ delta: 1 }]);
  await waiting;
});

test('removing the set ends all waits with a GoneError', async (t) => {
  const set = privateSet(t);
  const waiting = [set, SemaphoreSet.fromId(set.id)].map((handle) =>
    assert.rejects(handle.operate([{ delta: -1 }]), GoneError),
  );
  await untilBlocked('semtimedop', process.pid, 2);
  set.remove();
  await Promise.all(waiting);
});

test('an operation at the moment of an abort is done, and says so', async (t) => {
  const set = privateSet(t);
  let taken = 0;
  const rounds = 200;
  for (let round = 0; round < rounds; round++) {
    const controller = new AbortController();
    const waiting = set.operate([{ delta: -1 }], { signal: controller.signal });
    if (round % 2 === 0) await until(() => set.waitingForIncrease() === 1, 'a wait');
    set.tryOperate([{ delta: 1 }]);
    controller.abort();
    await waiting.then(
      () => taken++,
      (error: Error) => {
        assert.equal(error.name, 'AbortError');
        assert.equal(set.tryOperate([{ delta: -1 }]), true, 'what was not taken is still there');
      },
    );
    assert.equal(set.value(), 0);
  }
  assert.ok(taken >= rounds / 2, 'a thread that sleeps is served by the kernel before the abort');
});

test('many waits leave libuv’s threads to files', async (t) => {
  const set = privateSet(t);
  const waiting = Array.from({ length: 20 }, () => set.operate([{ delta: -1 }]));
  await untilBlocked('semtimedop', process.pid, 20);
  assert.ok((await readFile(import.meta.filename)).length > 0);
  set.tryOperate([{ delta: 20 }]);
  await Promise.all(waiting);
});

test('operations that succeed at once let timers have their turn', async (t) => {
  const set = privateSet(t);
  const timer = { fired: false };
  setTimeout(() => (timer.fired = true), 1);
  const end = performance.now() + hangMilliseconds;
  while (!timer.fired && performance.now() < end) await set.operate([{ delta: 0 }]);
  assert.ok(timer.fired);
});

test('a pending wait keeps the process alive, unless it is unrefed', async (t) => {
  const set = privateSet(t);
  const source = `import { SemaphoreSet } from '@timeq/mq-native';
    const set = SemaphoreSet.fromId(Number(process.argv[1]));
    const timeout = 1_000_000;
    if (process.argv[2] === 'unref') set.unref();
    else setTimeout(() => set.tryOperate([{ delta: 1 }]), 50).unref();
    set.operate([{ delta: -1 }], { timeout }).then(() => console.log('done'));`;
  assert.equal((await runSnippet(t, source, [set.id, 'ref'])).stdout, 'done\n');
  assert.equal((await runSnippet(t, source, [set.id, 'unref'])).stdout, '');
});

test('operateSync blocks until another process lets it go on', async (t) => {
  const set = privateSet(t);
  const running = runSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    SemaphoreSet.fromId(Number(process.argv[1])).operateSync([{ delta: -1 }]);
    console.log('done');`,
    [set.id],
  );
  await until(() => set.waitingForIncrease() === 1, 'the block');
  set.tryOperate([{ delta: 1 }]);
  assert.equal((await running).stdout, 'done\n');
});
