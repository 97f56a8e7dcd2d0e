import assert from 'node:assert/strict';
import { test } from 'node:test';
import { once } from 'node:events';
import { deadline, until } from '../../helpers/deadline.js';
import { startSnippet, startWith } from '../../helpers/node.js';
import { startWorker } from '../../helpers/worker.js';
import { privateSet } from './set.js';

test('an operation with undo is undone when the process is killed, the others stay', async (t) => {
  const set = privateSet(t, { initialValues: [5, 5, 5] });
  const holder = startWith(
    t,
    set,
    `await set.operate([
      { number: 0, delta: -2, undo: true },
      { number: 1, delta: -2 },
      { number: 2, delta: -2, undo: 'thread' },
    ]);
    console.log('has it');
    setInterval(() => undefined, 1000);`,
  );
  await holder.waitFor('has it');
  assert.deepEqual(set.values(), [3, 3, 3]);
  await holder.end();
  assert.deepEqual(set.values(), [5, 3, 5]);
});

test('the death of a process serves those who wait', async (t) => {
  const set = privateSet(t, { initialValues: [1] });
  const holder = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    SemaphoreSet.fromId(Number(process.argv[1])).operateSync([{ delta: -1, undo: true }]);
    console.log('has it');
    setInterval(() => undefined, 1000);`,
    [set.id],
  );
  await holder.waitFor('has it');
  const waiting = set.operate([{ delta: -1 }]);
  holder.kill('SIGKILL');
  await waiting;
});

/** Does one operation in each of three ways, and then nothing. */
const holdInWorker = `
  const { workerData, parentPort } = require('node:worker_threads');
  import('@timeq/mq-native').then(async ({ SemaphoreSet }) => {
    const set = SemaphoreSet.fromId(workerData.id);
    const take = (number) => [{ number, delta: -1, undo: workerData.undo }];
    set.operateSync(take(0));
    set.tryOperate(take(1));
    parentPort.postMessage('waiting');
    await set.operate(take(2));
    parentPort.postMessage('has it');
    setInterval(() => undefined, 1000);
  });`;

test("an operation with undo: 'thread' is undone when its worker is terminated", async (t) => {
  const set = privateSet(t, { initialValues: [1, 1, 0] });
  const worker = startWorker(t, holdInWorker, { eval: true, workerData: { id: set.id, undo: 'thread' } });
  await once(worker, 'message');
  await until(() => set.waitingForIncrease(2) === 1, 'the wait');
  set.tryOperate([{ number: 2, delta: 1 }]);
  await once(worker, 'message');
  assert.deepEqual(set.values(), [0, 0, 0]);
  await deadline(worker.terminate(), 'the end of the worker');
  assert.deepEqual(set.values(), [1, 1, 1]);
});

test('the kernel’s own undo knows no workers: it waits for the end of the process', async (t) => {
  const set = privateSet(t, { initialValues: [1, 1, 1] });
  const worker = startWorker(t, holdInWorker, { eval: true, workerData: { id: set.id, undo: true } });
  await until(() => set.value(2) === 0, 'the last operation');
  await deadline(worker.terminate(), 'the end of the worker');
  assert.deepEqual(set.values(), [0, 0, 0]);
  set.tryOperate([0, 1, 2].map((number) => ({ number, delta: 1, undo: true })));
});

test('an operation that a worker reversed itself is not undone twice', async (t) => {
  const set = privateSet(t, { initialValues: [1] });
  const worker = startWorker(
    t,
    `const { workerData, parentPort } = require('node:worker_threads');
    import('@timeq/mq-native').then(({ SemaphoreSet }) => {
      const set = SemaphoreSet.fromId(workerData);
      for (let round = 0; round < 3; round++) {
        set.operateSync([{ delta: -1, undo: 'thread' }]);
        set.operateSync([{ delta: 1, undo: 'thread' }]);
      }
      parentPort.postMessage('done');
      setInterval(() => undefined, 1000);
    });`,
    { eval: true, workerData: set.id },
  );
  await once(worker, 'message');
  await deadline(worker.terminate(), 'the end of the worker');
  assert.equal(set.value(), 1);
});

/** A worker that does these operations, each by itself, and then nothing. */
const holding = `const { workerData, parentPort } = require('node:worker_threads');
  import('@timeq/mq-native').then(({ SemaphoreSet }) => {
    const set = SemaphoreSet.fromId(workerData.id);
    for (const operation of workerData.operations) set.operateSync([{ ...operation, undo: 'thread' }]);
    parentPort.postMessage('done');
    setInterval(() => undefined, 1000);
  });`;

test('an adjustment that can’t be reversed keeps no other, and ends at zero or the largest value', async (t) => {
  const set = privateSet(t, { initialValues: [1, 0, 32_767] });
  // A process of its own: it would hang with a worker that waits for what it cannot lower.
  const program = startWith(
    t,
    set,
    `import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const operations = [{ number: 0, delta: -1 }, { number: 1, delta: 3 }, { number: 2, delta: -5 }];
    const worker = new Worker(process.argv[2], { eval: true, execArgv: [], workerData: { id: set.id, operations } });
    await once(worker, 'message');
    set.tryOperate([{ number: 1, delta: -2 }]);
    set.tryOperate([{ number: 2, delta: 4 }]);
    console.log(set.values().join());
    await worker.terminate();
    console.log(set.values().join());`,
    holding,
  );
  assert.equal((await program.exit()).stdout, '0,1,32766\n1,0,32767\n');
});

test('nothing remains after a worker: the end of the process undoes no more', async (t) => {
  const set = privateSet(t, { initialValues: [0] });
  const program = startSnippet(
    t,
    `import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    import { SemaphoreSet } from '@timeq/mq-native';
    const id = Number(process.argv[1]);
    const worker = new Worker(process.argv[2], { eval: true, execArgv: [], workerData: { id, operations: [{ delta: 3 }] } });
    await once(worker, 'message');
    SemaphoreSet.fromId(id).tryOperate([{ delta: -2 }]);
    await worker.terminate();
    SemaphoreSet.fromId(id).tryOperate([{ delta: 9 }]);`,
    [set.id, holding],
  );
  assert.equal((await program.exit()).code, 0);
  assert.equal(set.value(), 9);
});

test('an operation that was undone for a worker is not undone again at the end of the process', async (t) => {
  const set = privateSet(t, { initialValues: [1, 1] });
  const program = startSnippet(
    t,
    `import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    import { SemaphoreSet } from '@timeq/mq-native';
    const id = Number(process.argv[1]);
    const operations = [{ number: 0, delta: -1 }, { number: 1, delta: 2 }];
    const worker = new Worker(process.argv[2], { eval: true, execArgv: [], workerData: { id, operations } });
    await once(worker, 'message');
    console.log(SemaphoreSet.fromId(id).values().join());
    await worker.terminate();
    console.log(SemaphoreSet.fromId(id).values().join());
    SemaphoreSet.fromId(id).tryOperate([{ number: 1, delta: 4 }]);`,
    [set.id, holding],
  );
  assert.equal((await program.exit()).stdout, '0,3\n1,1\n');
  assert.deepEqual(set.values(), [1, 5]);
});

test('a value that is set meanwhile stays as it was set', async (t) => {
  for (const how of ['setValue', 'setValues'] as const) {
    const set = privateSet(t, { initialValues: [5, 5] });
    const operations = [
      { number: 0, delta: -2 },
      { number: 1, delta: -2 },
    ];
    const worker = startWorker(t, holding, { eval: true, workerData: { id: set.id, operations } });
    await once(worker, 'message');
    if (how === 'setValue') set.setValue(0, 10);
    else set.setValues([10, 10]);
    await deadline(worker.terminate(), 'the end of the worker');
    assert.deepEqual(set.values(), how === 'setValue' ? [10, 5] : [10, 10], how);
  }
});

test('a worker that blocks in operateSync can be terminated', async (t) => {
  const set = privateSet(t);
  const worker = startWorker(
    t,
    `const { workerData } = require('node:worker_threads');
    import('@timeq/mq-native').then(({ SemaphoreSet }) => {
      SemaphoreSet.fromId(workerData).operateSync([{ delta: -1 }]);
    });`,
    { eval: true, workerData: set.id },
  );
  await until(() => set.waitingForIncrease() === 1, 'the block');
  await deadline(worker.terminate(), 'the end of the worker');
  assert.equal(set.waitingForIncrease(), 0);
});
