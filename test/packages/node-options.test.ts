import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hangMilliseconds } from '../helpers/deadline.js';
import { root, runNode } from '../helpers/node.js';

/** Waits once, so that threads, listeners and iterators are all made. */
const program = `
  import { MessageQueue } from '@timeq/mq-native';
  const queue = MessageQueue.createPrivate();
  try {
    setTimeout(() => queue.trySend(2n ** 40n, 'later'), 10);
    const { type, body } = await queue.receive({ timeout: ${hangMilliseconds} });
    console.log(type, body.toString(), MessageQueue.list().length > 0);
  } finally {
    queue.remove();
  }`;

// Node 20 has the older name only.
const permission = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

function node(options: readonly string[], source: string): string[] {
  return [...options, '--no-warnings', '--input-type=module', '--eval', source];
}

test('everything works with --frozen-intrinsics', async (t) => {
  const { stdout, stderr, code } = await runNode(t, node(['--frozen-intrinsics'], program), { cwd: root });
  assert.deepEqual([stdout, stderr, code], [`${2 ** 40} later true\n`, '', 0]);
});

test('everything works under the permission model with addons allowed', async (t) => {
  const options = [permission, '--allow-addons', '--allow-fs-read=*'];
  const { stdout, stderr, code } = await runNode(t, node(options, program), { cwd: root });
  assert.deepEqual([stdout, stderr, code], [`${2 ** 40} later true\n`, '', 0]);
});

test('without addons allowed, the permission model is named together with what to do', async (t) => {
  const source = "await import('@timeq/mq-native').catch((error) => console.log(error.message));";
  const { stdout } = await runNode(t, node([permission, '--allow-fs-read=*'], source), { cwd: root });
  assert.match(
    stdout,
    /could not load .*mq_native\.node: native addons are switched off; .*--allow-addons\.\n$/,
  );
});

test('--no-addons is answered with what to do', async (t) => {
  const source = "await import('@timeq/mq-native').catch((error) => console.log(error.message));";
  const { stdout } = await runNode(t, node(['--no-addons'], source), { cwd: root });
  assert.match(stdout, /native addons are switched off/);
});

test('a worker thread loads the same addon, waits by itself, and ends', async (t) => {
  const source = `
    import { once } from 'node:events';
    import { Worker } from 'node:worker_threads';
    const workers = [1, 2, 3].map(() => new Worker(${JSON.stringify(program)}, { eval: true, execArgv: ['--input-type=module'] }));
    console.log((await Promise.all(workers.map((worker) => once(worker, 'exit')))).join());`;
  const { stdout } = await runNode(t, node([], source), { cwd: root });
  assert.deepEqual(stdout.split('\n').toSorted().slice(1), [
    '0,0,0',
    ...Array.from({ length: 3 }, () => `${2 ** 40} later true`),
  ]);
});
