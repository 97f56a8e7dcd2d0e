import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../helpers/deadline.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { root, startSnippet } from '../helpers/node.js';
import { answeredOf, ASCTIME, askClassic, openQueue, ownServer, receive } from './server.js';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends the server as a stop does: exit code 0, nothing left behind`, async (t) => {
    const { key, server } = await ownServer(t);
    assert.match(await askClassic(openQueue(t, key)), ASCTIME);
    const { code, stdout, stderr } = await server.killed(signal);
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(answeredOf(stdout) >= 1);
    assert.equal(queueAt(key), undefined);
    assert.equal(semaphoresAt(key), undefined);
  });
}

test('SIGTERM answers what waits in the queue first', async (t) => {
  const { server, queue } = await ownServer(t);
  server.kill('SIGSTOP');
  for (let request = 0; request < 50; request += 1) assert.ok(queue.trySend(1, ''));
  server.kill('SIGTERM');
  server.kill('SIGCONT');
  for (let reply = 0; reply < 50; reply += 1)
    assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
  assert.equal((await server.exit()).code, 0);
});

test('a second Ctrl-C ends a server at once that waits for its replies to be read', async (t) => {
  const key = freshKey(t);
  // It would wait for an hour.
  const source = `
    import { main } from '${root}packages/time-server/dist/cli/main.js';
    process.exitCode = await main(['--key', process.argv[1]], { lingerMs: 3_600_000 });`;
  const server = startSnippet(t, source, [key]);
  await server.waitFor('listening');
  await openQueue(t, key).send(1, '');
  server.kill('SIGINT');
  await server.waitFor('stopping: Ctrl-C');
  const exit = server.exit();
  let ended = false;
  void exit.then(() => (ended = true));
  // One that comes within a tenth of a second counts as the first one once more.
  await until(() => {
    server.kill('SIGINT');
    return ended;
  }, 'the end of the server');
  assert.equal((await exit).code, 130);
  assert.equal(queueAt(key), undefined);
  assert.equal(semaphoresAt(key), undefined);
});

test('a server whose output has no reader serves on', async (t) => {
  const { key, server } = await ownServer(t, ['--on-stop', 'ignore']);
  server.closeOutput('stdout');
  server.closeOutput('stderr');
  const queue = openQueue(t, key);
  // Each makes it write a line.
  await queue.send(2, '');
  queue.remove();
  const next = await until(() => {
    const id = queueAt(key)?.['msqid'];
    return id !== queue.id && id;
  }, 'a new queue');
  assert.ok(next);
  assert.match(await askClassic(openQueue(t, key)), ASCTIME);
  assert.equal((await server.killed('SIGTERM')).code, 0);
});
