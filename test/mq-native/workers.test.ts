import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { skipWithoutFiles } from '../helpers/limits.js';
import { startSnippet } from '../helpers/node.js';
import { threadsIn, untilBlocked } from '../helpers/threads.js';
import { startWorker } from '../helpers/worker.js';
import { drain, privateQueue } from './queue.js';

/** A worker that runs a piece of JavaScript with the binding and the queue at hand. */
function startOnQueue(t: TestContext, id: number, source: string): Worker {
  const text = `const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(import.meta.resolve('@timeq/mq-native'))}).then(async ({ MessageQueue }) => {
      const queue = MessageQueue.fromId(${id});
      ${source}
    });`;
  return startWorker(t, text, { eval: true });
}

test('a worker sends and receives, on its own and with the main thread', async (t) => {
  const queue = privateQueue(t);
  startOnQueue(
    t,
    queue.id,
    'for await (const { body } of queue.messages({ type: 1 })) await queue.send(2, body);',
  );
  for (let index = 0; index < 1000; index++) {
    await queue.send(1, index % 3 === 0 ? '' : String(index));
    assert.equal(
      (await queue.receive({ type: 2, timeout: hangMilliseconds })).body.toString(),
      index % 3 === 0 ? '' : String(index),
    );
  }
});

test('a worker blocks in a call while the main thread goes on', async (t) => {
  const queue = privateQueue(t);
  const worker = startOnQueue(
    t,
    queue.id,
    'parentPort.postMessage(queue.receiveSync({ type: 1 }).body.toString());',
  );
  await untilBlocked('msgrcv');
  queue.sendSync(1, 'from the main thread');
  assert.deepEqual(await once(worker, 'message'), ['from the main thread']);
});

test(
  'the waits of one worker end with it and those of others do not',
  { skip: skipWithoutFiles() },
  async (t) => {
    const queue = privateQueue(t);
    const own = queue.receive({ type: 100 });
    const workers = [1, 2, 3].map((type) =>
      startOnQueue(
        t,
        queue.id,
        `const { body } = await queue.receive({ type: ${type} }); parentPort.postMessage(body.toString());`,
      ),
    );
    await untilBlocked('msgrcv', process.pid, 4);
    await workers[0]?.terminate();
    assert.equal(threadsIn('msgrcv'), 3);
    for (const type of [1, 2, 3, 100]) queue.sendSync(type, `for ${type}`);
    const [second, third] = workers.slice(1).map((worker) => once(worker, 'message'));
    assert.deepEqual(await second, ['for 2']);
    assert.deepEqual(await third, ['for 3']);
    assert.equal((await own).body.toString(), 'for 100');
    assert.deepEqual(drain(queue), [1]);
  },
);

test('a worker that ends by itself with unref’d waits lets the program go on', async (t) => {
  const queue = privateQueue(t);
  const worker = startOnQueue(t, queue.id, 'queue.unref(); queue.receive({ type: 1 });');
  assert.deepEqual(await once(worker, 'exit'), [0]);
  await untilBlocked('msgrcv', process.pid, 0);
  queue.sendSync(1, '');
  assert.deepEqual(drain(queue), [1]);
});

test('a message that a worker’s thread has just taken is not lost when the worker is terminated', async (t) => {
  const queue = privateQueue(t);
  const worker = startOnQueue(
    t,
    queue.id,
    `queue.receive({ type: 5 });
    queue.receive({ type: 6, handOver: false });
    parentPort.once('message', (busy) => {
      Atomics.store(busy, 0, 1);
      for (;;);
    });`,
  );
  await untilBlocked('msgrcv', process.pid, 2);
  const busy = new Int32Array(new SharedArrayBuffer(4));
  worker.postMessage(busy);
  await until(() => Atomics.load(busy, 0) === 1, 'the busy loop of the worker');
  // One of the worker’s threads takes its message, and the other leaves it; its loop gets to see neither.
  queue.sendSync(5, 'with a body');
  queue.sendSync(6, 'with a body');
  await untilBlocked('msgrcv', process.pid, 0);
  await worker.terminate();
  assert.deepEqual(drain(queue), [6, 5]);
});

test('a message that comes while a worker blocks and is terminated stays in the queue', async (t) => {
  const queue = privateQueue(t);
  for (const [round, options] of ['', '{ timeout: 60_000 }']
    .flatMap((each) => Array(5).fill(each))
    .entries()) {
    const worker = startOnQueue(t, queue.id, `queue.receiveSync(${options});`);
    await untilBlocked('msgrcv');
    const terminated = worker.terminate();
    queue.sendSync(1, String(round));
    await terminated;
    assert.equal(queue.tryReceive()?.body.toString(), String(round));
  }
});

test(
  'workers come and go 50 times, with waits pending, beside waits of the main thread',
  { skip: skipWithoutFiles() },
  async (t) => {
    const queue = privateQueue(t);
    const own = queue.receive({ type: 100 });
    for (let round = 0; round < 50; round++) {
      const worker = startOnQueue(
        t,
        queue.id,
        `queue.receive({ type: 1 }); queue.receive({ type: 2, timeout: 1e6 }); parentPort.postMessage('up');`,
      );
      await once(worker, 'message');
      if (round % 2 === 0) await untilBlocked('msgrcv', process.pid, 3);
      await worker.terminate();
      await untilBlocked('msgrcv', process.pid, 1);
    }
    queue.sendSync(100, '');
    await own;
  },
);

test(
  'a program that uses the binding in workers only ends by itself',
  { skip: skipWithoutFiles() },
  async (t) => {
    const queue = privateQueue(t);
    const program = startSnippet(
      t,
      `import { Worker } from 'node:worker_threads';
    for (let type = 1; type <= 4; type++) {
      new Worker(\`
        import('@timeq/mq-native').then(async ({ MessageQueue }) => {
          const queue = MessageQueue.fromId(\${process.argv[1]});
          console.log((await queue.receive({ type: \${type} })).body.toString());
        });\`, { eval: true });
    }`,
      [queue.id],
    );
    await untilBlocked('msgrcv', program.pid, 4);
    for (let type = 4; type >= 1; type--) queue.sendSync(type, `worker ${type}`);
    const { code, stdout, stderr } = await program.exit();
    assert.deepEqual([code, stderr], [0, '']);
    assert.deepEqual(stdout.trim().split('\n').toSorted(), ['worker 1', 'worker 2', 'worker 3', 'worker 4']);
  },
);

for (const [name, call, blocking] of [
  ['receiveSync', 'queue.receiveSync({ type: 1 })', 'msgrcv'],
  ['receiveSync with a timeout', 'queue.receiveSync({ type: 1, timeout: 1e6 })', 'msgrcv'],
  ['sendSync', "queue.sendSync(6, '')", 'msgsnd'],
] as const) {
  for (const ending of ['process.exit(3)', 'worker.terminate().then(() => process.exit(3))']) {
    test(`${ending} ends a program whose worker is blocked in ${name}`, async (t) => {
      const queue = privateQueue(t, { maxBytes: 1 });
      queue.sendSync(5, '');
      const program = startSnippet(
        t,
        `import { Worker } from 'node:worker_threads';
        const worker = new Worker(\`
          import('@timeq/mq-native').then(({ MessageQueue }) => {
            const queue = MessageQueue.fromId(\${process.argv[1]});
            ${call};
          });\`, { eval: true });
        process.stdin.once('data', () => ${ending});`,
        [queue.id],
      );
      await untilBlocked(blocking, program.pid);
      program.write('go\n');
      assert.equal((await program.exit()).code, 3);
      assert.deepEqual(drain(queue), [5]);
    });
  }
}

test('process.exit ends a program at once while workers wait', { skip: skipWithoutFiles() }, async (t) => {
  const queue = privateQueue(t);
  const program = startSnippet(
    t,
    `import { Worker } from 'node:worker_threads';
    for (let type = 1; type <= 3; type++) {
      new Worker(\`
        import('@timeq/mq-native').then(({ MessageQueue }) => {
          MessageQueue.fromId(\${process.argv[1]}).receive({ type: \${type} });
        });\`, { eval: true });
    }
    process.stdin.once('data', () => process.exit(3));`,
    [queue.id],
  );
  await untilBlocked('msgrcv', program.pid, 3);
  program.write('go\n');
  assert.equal((await program.exit()).code, 3);
});
