import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { SemaphoreSet } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { bin, runNode } from '../helpers/node.js';
import { inOwnNamespace, skipWithoutNamespaces, skipWithoutPidNamespaces } from '../helpers/namespace.js';
import { run, type Exit } from '../helpers/process.js';
import { untilStopped } from '../helpers/threads.js';
import { ASCTIME, askClassic, makeQueue, openQueue, ownServer, receive, startServer } from './server.js';

test('a second server on a key says who holds it and what to do, and the first one serves on', async (t) => {
  const { key, server } = await ownServer(t);
  const { code, stdout, stderr } = await runServer(t, key);
  assert.deepEqual([code, stdout], [3, '']);
  const sentence = `is served by pid ${server.pid} already: stop that one, take its place with --takeover, or choose another --key\n`;
  assert.ok(stderr.endsWith(sentence), stderr);
  assertOneLine(stderr);
  assert.match(await askClassic(openQueue(t, key)), ASCTIME);
});

test('of many servers that start at once on a key one serves, and the others name it', async (t) => {
  const key = freshKey(t);
  const exits = Array.from({ length: 4 }, () => runServer(t, key, ['--quiet']));
  const losers: Exit[] = [];
  for (const exit of exits) void exit.then((ended) => losers.push(ended));
  await until(() => losers.length === 3, 'the end of three servers');
  for (const { code, stderr } of losers) {
    assert.equal(code, 3, stderr);
    assert.match(stderr, /is served by pid \d+ already/);
  }
  await openQueue(t, key).send(2, '');
  await Promise.all(exits);
  assert.deepEqual(
    losers.map(({ code }) => code),
    [3, 3, 3, 0],
  );
});

test('a server that is stopped is called so', async (t) => {
  const { key, server } = await ownServer(t);
  server.kill('SIGSTOP');
  await untilStopped(server.pid);
  const { code, stderr } = await runServer(t, key);
  assert.equal(code, 3);
  assert.match(
    stderr,
    new RegExp(`is served by pid ${server.pid} already, and is stopped \\(SIGSTOP\\): stop that one`),
  );
});

test(
  'from another pid namespace a server can’t be taken over, and that is not advised',
  { skip: skipWithoutPidNamespaces() },
  async (t) => {
    const { key } = await ownServer(t);
    for (const options of [[], ['--takeover']]) {
      const words = [process.execPath, bin('time-server'), '--key', String(key), ...options];
      const { code, stderr } = await run(t, 'unshare', ['--pid', '--fork', ...words]);
      assert.equal(code, 3);
      assert.match(
        stderr,
        /served by a process of another pid namespace already, .*"time-client --key \d+ stop"/,
      );
      assert.doesNotMatch(stderr, /--takeover/);
    }
  },
);

test(
  'where no further queue can be made the server names the command that finds unused ones',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    const words = inOwnNamespace(process.execPath, [bin('time-server')], { msgmni: 0 });
    const { code, stderr } = await run(t, ...words);
    assert.equal(code, 1);
    assert.match(stderr, /ENOSPC.*\(ipctools stale lists them\)/);
    assertOneLine(stderr);
  },
);

test('with --takeover a second server asks the first one to end and takes its place', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key, ['--on-stop', 'ignore']);
  const second = await startServer(t, key, ['--takeover']);
  assert.match(
    second.stdout,
    new RegExp(`^time-server: asking pid ${first.pid}, which serves key .*, to end\n`),
  );
  assert.equal((await first.exit()).code, 0);
  assert.match(await askClassic(openQueue(t, key)), ASCTIME);
});

test('a queue that no server has claimed and that others have used is refused, with the next step to take', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key);
  await queue.send(5, 'another program’s');
  await queue.send(5, 'another program’s');
  queue.tryReceive();
  const { code, stdout, stderr } = await runServer(t, key);
  assert.deepEqual([code, stdout], [3, '']);
  assert.match(stderr, /a queue that no time server has claimed is at key 0x/);
  assert.match(stderr, new RegExp(`\\(id ${queue.id}, .* 1 message, last read by pid ${process.pid}\\)`));
  assert.match(stderr, /choose another --key, or serve it with --takeover if no other program uses it\n$/);
  assertOneLine(stderr);
  assert.equal(queue.stat().messages, 1);
  assert.equal(semaphoresAt(key), undefined);
});

test('with --takeover a queue that no server has claimed is served, and a stranger’s messages stay', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key);
  await queue.send(5, 'another program’s');
  await queue.send(1, '');
  await startServer(t, key, ['--takeover']);
  assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
  assert.equal((await receive(queue, 5)).body.toString(), 'another program’s');
});

test('a queue that a client made before the server was there is served', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key);
  await queue.send(1, '');
  await startServer(t, key);
  assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
});

test('a semaphore set of another program at the key is refused and left alone', async (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { count: 3, mode: 0o600 });
  t.after(() => set.close());
  for (const options of [[], ['--takeover']]) {
    const { code, stderr } = await runServer(t, key, options);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /the semaphore set at key .* does not belong to a time server: choose another --key, or remove it/,
    );
    assertOneLine(stderr);
  }
  assert.equal(semaphoresAt(key)?.['nsems'], 3);
  assert.equal(queueAt(key), undefined);
});

async function runServer(t: TestContext, key: number, options: readonly string[] = []): Promise<Exit> {
  return await runNode(t, [bin('time-server'), '--key', String(key), ...options]);
}

function assertOneLine(text: string): void {
  assert.match(text, /^time-server: [^\n]+\n$/);
}
