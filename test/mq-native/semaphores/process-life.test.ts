import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSnippet, startWith } from '../../helpers/node.js';
import { untilBlocked } from '../../helpers/threads.js';
import { privateSet } from './set.js';

test('an operation with undo is undone when the process ends, however it ends', async (t) => {
  const set = privateSet(t);
  for (const ending of [
    'process.exit()',
    "process.kill(process.pid, 'SIGKILL')",
    "throw new Error('on purpose')",
  ]) {
    const program = startWith(
      t,
      set,
      `set.tryOperate([{ delta: 2, undo: true }]);
      await set.operate([{ delta: 1, undo: true }]);
      set.operateSync([{ delta: 1 }]);
      console.log('raised');
      process.stdin.once('data', () => { ${ending}; });`,
    );
    await program.waitFor('raised');
    assert.equal(set.value(), 4);
    assert.equal(set.lastPid(), program.pid);
    program.write('now\n');
    await program.exit();
    assert.equal(set.value(), 1);
    set.setValue(0, 0);
  }
});

test('a blocking operation ends with EINTR when a signal arrives', async (t) => {
  const set = privateSet(t);
  for (const options of ['{}', '{ timeout: 1_000_000 }']) {
    const program = startWith(
      t,
      set,
      `process.on('SIGUSR2', () => {});
      try {
        set.operateSync([{ delta: -1 }], ${options});
      } catch (error) {
        console.log(error.code, error.syscall);
      }`,
    );
    await untilBlocked('semtimedop', program.pid);
    assert.equal((await program.killed('SIGUSR2')).stdout, 'EINTR semop\n');
  }
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`${signal} ends a program with an operation waiting, which is then not done`, async (t) => {
    const set = privateSet(t);
    const program = startSnippet(
      t,
      `import { SemaphoreSet } from '@timeq/mq-native';
      await SemaphoreSet.fromId(Number(process.argv[1])).operate([{ delta: -1 }]);`,
      [set.id],
    );
    await untilBlocked('semtimedop', program.pid);
    assert.equal((await program.killed(signal)).signal, signal);
    set.setValue(0, 1);
    assert.equal(set.value(), 1);
  });
}

for (const options of ['{}', '{ timeout: 1_000_000 }']) {
  test(`terminate ends a worker that is blocked in operateSync with ${options}`, async (t) => {
    const set = privateSet(t);
    const program = startSnippet(
      t,
      `import { Worker } from 'node:worker_threads';
      const worker = new Worker(\`
        import('@timeq/mq-native').then(({ SemaphoreSet }) => {
          SemaphoreSet.fromId(\${process.argv[1]}).operateSync([{ delta: -1 }], ${options});
        });\`, { eval: true });
      process.stdin.once('data', () => worker.terminate().then(() => process.exit(3)));`,
      [set.id],
    );
    await untilBlocked('semtimedop', program.pid);
    program.write('go\n');
    assert.equal((await program.exit()).code, 3);
  });
}
