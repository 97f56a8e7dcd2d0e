import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { compileLibrary, preloaded, skipWherePreloaded } from '../helpers/compiled.js';
import { deadline, until } from '../helpers/deadline.js';
import { skipWithoutProcesses } from '../helpers/limits.js';
import { startSnippet } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { startWorker } from '../helpers/worker.js';
import { awaitedType as type } from './handing-over.js';
import { drain, privateQueue } from './queue.js';

/** A program that waits, and once it is told, keeps its event loop busy until its thread has the message; then `end`. */
function holding(end: string): string {
  return `import { MessageQueue } from '@timeq/mq-native';
    const queue = MessageQueue.fromId(Number(process.argv[1]));
    queue.longestPoll = 0;
    queue.receive({ type: ${type} }).then(() => console.log('received'));
    console.log('waits');
    process.stdin.once('data', () => {
      process.stdin.pause();
      queue.sendSync(${type}, 'held');
      if (queue.stat().messages !== 0) console.log('not taken');
      ${end}
    });`;
}

for (const [how, end, code] of [
  ['process.exit', 'process.exit(3);', 3],
  ['an uncaught error', "throw new Error('on purpose');", 1],
] as const) {
  test(`a message in a thread’s hands goes back into the queue when the program ends by ${how}`, async (t) => {
    const queue = privateQueue(t);
    const program = startSnippet(t, holding(end), [queue.id]);
    await program.waitFor('waits');
    await untilBlocked('msgrcv', program.pid);
    program.write('go\n');
    const ended = await program.exit();
    assert.deepEqual([ended.code, ended.stdout], [code, 'waits\n']);
    assert.equal(queue.tryReceive()?.body.toString(), 'held');
  });
}

test(
  'a program ends within seconds although what its threads hold has no way back into a full queue',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const queue = privateQueue(t, { maxBytes: 30 });
    const other = privateQueue(t);
    const program = startSnippet(
      t,
      `import { MessageQueue } from '@timeq/mq-native';
    const [queue, other] = process.argv.slice(1).map((id) => MessageQueue.fromId(Number(id)));
    queue.longestPoll = other.longestPoll = 0;
    for (let type = 1; type <= 30; type++) queue.receive({ type });
    other.receive();
    console.log('waits');
    process.stdin.once('data', () => {
      for (let type = 1; type <= 30; type++) queue.sendSync(type, 'x');
      other.sendSync(1, 'has a way back');
      queue.sendSync(99, Buffer.alloc(30));
      process.on('exit', () => console.log('exit'));
      process.exit(3);
    });`,
      [queue.id, other.id],
    );
    await program.waitFor('waits');
    await untilBlocked('msgrcv', program.pid, 31);
    program.write('go\n');
    await program.waitFor('exit');
    const since = performance.now();
    assert.equal((await program.exit()).code, 3);
    // A second for all of them. It was one for each of the 30.
    assert.ok(performance.now() - since < 25_000);
    assert.deepEqual([drain(queue), drain(other)], [[99], [1]]);
  },
);

/** Finds a queue full three times before it looks: as if readers made room meanwhile. */
const crowd = `
#include <dlfcn.h>
#include <errno.h>
#include <sys/msg.h>

int msgsnd(int id, const void *message, size_t size, int flags) {
  static int tries;
  if ((flags & IPC_NOWAIT) != 0 && tries++ < 3) {
    errno = EAGAIN;
    return -1;
  }
  return ((int (*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "msgsnd"))(id, message, size, flags);
}`;

test(
  'readers of a full queue are given time to make room for what a program that ends puts back',
  { skip: skipWherePreloaded },
  async (t) => {
    const queue = privateQueue(t);
    const program = startSnippet(t, holding('process.exit(3);'), [queue.id], {
      env: preloaded(compileLibrary(t, crowd)),
    });
    await program.waitFor('waits');
    await untilBlocked('msgrcv', program.pid);
    program.write('go\n');
    assert.equal((await program.exit()).code, 3);
    assert.equal(queue.tryReceive()?.body.toString(), 'held');
  },
);

test('a program that exits as soon as it has one message leaves all others to the next one', async (t) => {
  const types = [1, 2, 3, 4, 5];
  for (const receives of [
    'types.map((type) => queue.receive({ type }))',
    'types.map(() => queue.receive())',
    '[queue.receive({ type: 1 }), ...types.slice(1).map((type) => handle.receive({ type: -type }))]',
  ]) {
    for (const longestPoll of [0, 100_000]) {
      const queue = privateQueue(t);
      const program = startSnippet(
        t,
        `import { MessageQueue } from '@timeq/mq-native';
        const types = ${JSON.stringify(types)};
        const queue = MessageQueue.fromId(Number(process.argv[1]));
        const handle = MessageQueue.fromId(Number(process.argv[1]));
        queue.longestPoll = handle.longestPoll = ${longestPoll};
        process.stdin.once('data', () => {
          const receiving = ${receives};
          for (const type of types) queue.sendSync(type, '');
          for (const wait of receiving) wait.then(({ type }) => {
            console.log('received', type);
            process.exit(3);
          });
        });`,
        [queue.id],
      );
      program.write('go\n');
      const { code, stdout } = await program.exit();
      const received = Number(/^received (\d)\n$/.exec(stdout)?.[1]);
      assert.equal(code, 3);
      assert.deepEqual(
        drain(queue)
          .map(Number)
          .toSorted((a, b) => a - b),
        types.filter((each) => each !== received),
        receives,
      );
    }
  }
});

test('a message in the hands of a worker’s thread is not lost when the worker is terminated', async (t) => {
  const queue = privateQueue(t);
  const source = `import(${JSON.stringify(import.meta.resolve('@timeq/mq-native'))}).then(async ({ MessageQueue }) => {
        const queue = MessageQueue.fromId(${queue.id});
      // A wait that polled would not get any further while the loop is busy.
      queue.longestPoll = 0;
        queue.receive({ type: ${type} });
      require('node:worker_threads').parentPort.once('message', (busy) => {
        Atomics.store(busy, 0, 1);
        for (;;);
      });
    });`;
  const worker = startWorker(t, source, { eval: true });
  await once(worker, 'online');
  const busy = new Int32Array(new SharedArrayBuffer(4));
  worker.postMessage(busy);
  await until(() => Atomics.load(busy, 0) === 1, 'the busy loop of the worker');
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'held');
  assert.equal(queue.stat().messages, 0);
  await deadline(worker.terminate(), 'the end of the worker');
  assert.equal(queue.tryReceive()?.body.toString(), 'held');
});
