import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { MessageQueue } from '@timeq/mq-native';
import { queueWithId } from '../helpers/kernel-table.js';
import { startSnippet, startWith } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { untilBlocked } from '../helpers/threads.js';
import { drain, privateQueue } from './queue.js';

/** A program with all kinds of waits: two receives and a send that finds no room. The rest of it is given. */
async function waitingProgram(
  t: TestContext,
  rest: string,
): Promise<{ queue: MessageQueue; program: RunningProcess }> {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(5, '');
  const source = `import { MessageQueue } from '@timeq/mq-native';
    const queue = MessageQueue.fromId(Number(process.argv[1]));
    const waits = [queue.receive({ type: 1 }), queue.receive({ except: 5 }), queue.send(6, '')];
    for (const wait of waits) wait.then(() => console.log('done'), (error) => console.log(error.code));
    ${rest}`;
  const program = startSnippet(t, source, [queue.id]);
  await untilBlocked('msgrcv', program.pid, 2);
  await untilBlocked('msgsnd', program.pid, 1);
  return { queue, program };
}

/** What is there was there before: nothing of the ended program was sent, and nothing was taken. */
function assertUntouched(queue: MessageQueue): void {
  assert.deepEqual(drain(queue), [5]);
}

test('pending waits keep a program alive', async (t) => {
  const queue = privateQueue(t);
  const program = startWith(
    t,
    queue,
    `queue.receive().then(({ type }) => console.log('received', type));
    process.on('exit', () => console.log('exit'));`,
  );
  await untilBlocked('msgrcv', program.pid);
  queue.sendSync(7, '');
  const { code, stdout } = await program.exit();
  assert.deepEqual([stdout, code], ['received 7\nexit\n', 0]);
});

test('a program whose handles are unref’d ends by itself with waits pending', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(5, '');
  const program = startWith(
    t,
    queue,
    `for (const wait of [queue.receive({ type: 1 }), queue.send(6, '')]) wait.then(() => console.log('done'));
    process.stdin.on('data', () => { queue.unref(); process.stdin.pause(); });
    queue.receive({ except: 5 }).then(() => console.log('done'));`,
  );
  await untilBlocked('msgrcv', program.pid, 2);
  await untilBlocked('msgsnd', program.pid, 1);
  program.write('go\n');
  program.endInput();
  const { code, stdout, stderr } = await program.exit();
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
  assertUntouched(queue);
});

test('a wait made on a handle that is unref’d does not keep a program alive, and ref makes it again', async (t) => {
  const queue = privateQueue(t);
  const ended = await startWith(
    t,
    queue,
    `queue.unref();
    queue.receive().then(() => console.log('done'));
    queue.receive({ type: 3, timeout: 1_000_000 }).then(() => console.log('done'));`,
  ).exit();
  assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);

  const program = startWith(
    t,
    queue,
    `queue.unref();
    queue.receive().then(() => console.log('done'));
    queue.ref().unref().ref().ref();`,
  );
  await untilBlocked('msgrcv', program.pid);
  queue.sendSync(1, '');
  assert.equal((await program.exit()).stdout, 'done\n');
});

test('a closed handle does not keep a program alive', async (t) => {
  const { queue, program } = await waitingProgram(
    t,
    `process.stdin.on('data', () => { queue.close(); process.stdin.pause(); });`,
  );
  program.write('go\n');
  program.endInput();
  const { code, stdout } = await program.exit();
  assert.deepEqual([code, stdout], [0, 'ECANCELED\nECANCELED\nECANCELED\n']);
  assertUntouched(queue);
});

test('process.exit ends a program at once with waits pending', async (t) => {
  const { queue, program } = await waitingProgram(t, `process.stdin.on('data', () => process.exit(3));`);
  program.write('go\n');
  const { code, stdout, stderr } = await program.exit();
  assert.deepEqual([code, stdout, stderr], [3, '', '']);
  assertUntouched(queue);
});

test('process.exit in the very turn in which the waits were made ends a program', async (t) => {
  const queue = privateQueue(t);
  for (const line of [
    'process.exit(4)',
    'setImmediate(() => process.exit(4))',
    'queueMicrotask(() => process.exit(4))',
  ]) {
    const { code, stderr } = await startWith(
      t,
      queue,
      `for (let type = 1; type <= 20; type++) queue.receive({ type });
      ${line};`,
    ).exit();
    assert.deepEqual([code, stderr], [4, '']);
  }
});

test('an uncaught error ends a program with waits pending', async (t) => {
  const { queue, program } = await waitingProgram(
    t,
    `process.stdin.on('data', () => { throw new Error('thrown on purpose'); });`,
  );
  program.write('go\n');
  const { code, stderr } = await program.exit();
  assert.equal(code, 1);
  assert.match(stderr, /thrown on purpose/);
  assertUntouched(queue);
});

test('a handler of SIGTERM runs at once and ends a program with waits pending', async (t) => {
  const { queue, program } = await waitingProgram(
    t,
    `process.on('SIGTERM', () => { console.log('handled'); process.exit(5); });
    console.log('ready');`,
  );
  await program.waitFor('ready');
  const { code, stdout } = await program.killed('SIGTERM');
  assert.deepEqual([code, stdout], [5, 'ready\nhandled\n']);
  assertUntouched(queue);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const) {
  test(`${signal} without a handler ends a program with waits pending`, async (t) => {
    const { queue, program } = await waitingProgram(t, '');
    assert.equal((await program.killed(signal)).signal, signal);
    assertUntouched(queue);
  });
}

test('terminate ends a worker with waits pending, and the program goes on', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(5, '');
  const program = startSnippet(
    t,
    `import { Worker } from 'node:worker_threads';
    const worker = new Worker(\`
      import('@timeq/mq-native').then(({ MessageQueue }) => {
        const queue = MessageQueue.fromId(\${process.argv[1]});
        queue.receive({ type: 1 });
        queue.receive({ except: 5 });
        queue.send(6, '');
      });\`, { eval: true });
    process.stdin.once('data', async () => {
      console.log('exit code', await worker.terminate());
      process.stdin.pause();
    });`,
    [queue.id],
  );
  await untilBlocked('msgrcv', program.pid, 2);
  await untilBlocked('msgsnd', program.pid, 1);
  program.write('go\n');
  await program.waitFor('exit code 1');
  await untilBlocked('msgrcv', program.pid, 0);
  await untilBlocked('msgsnd', program.pid, 0);
  program.endInput();
  assert.equal((await program.exit()).code, 0);
  assertUntouched(queue);
});

test('a program that is killed while it receives loses at most what it had taken', async (t) => {
  const queue = privateQueue(t);
  for (let round = 0; round < 5; round++) {
    const program = startWith(t, queue, `await queue.receive({ type: 1 });`);
    await untilBlocked('msgrcv', program.pid);
    await program.killed('SIGKILL');
    await queue.send(1, 'for the next one');
    assert.deepEqual(drain(queue), [1]);
  }
});

test('an empty message that a waiting thread has just taken is not lost when the program exits', async (t) => {
  const queue = privateQueue(t);
  const program = startWith(
    t,
    queue,
    `let received = 0;
    queue.receive().then(() => (received += 1));
    process.on('exit', () => console.log('received', received));
    process.stdin.once('data', () => {
      // The thread gets the message while the event loop has no turn, and no code will ever ask for it.
      queue.sendSync(9, '');
      const { messages } = queue.stat();
      for (let left = messages; left > 0; left = queue.stat().messages);
      process.exit();
    });`,
  );
  await untilBlocked('msgrcv', program.pid);
  program.write('go\n');
  const { stdout } = await program.exit();
  assert.equal(stdout, 'received 0\n');
  assert.deepEqual(drain(queue), [9]);
});

test('an exit handler may use the queue synchronously', async (t) => {
  const queue = privateQueue(t, { maxBytes: 10 });
  const program = startWith(
    t,
    queue,
    `queue.receive({ type: 2 });
    process.on('exit', () => {
      queue.sendSync(1, 'last');
      queue.close();
    });
    process.stdin.once('data', () => process.exit());`,
  );
  await untilBlocked('msgrcv', program.pid);
  program.write('go\n');
  assert.equal((await program.exit()).code, 0);
  assert.deepEqual(drain(queue), [1]);
  assert.ok(queueWithId(queue.id));
});

test('a program that loads the binding and does nothing ends', async (t) => {
  const { code, stdout, stderr } = await startSnippet(t, "import '@timeq/mq-native';").exit();
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
});
