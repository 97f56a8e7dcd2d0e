import assert from 'node:assert/strict';
import test from 'node:test';
import { GoneError, type MessageQueue } from '@timeq/mq-native';
import { TimeServer } from '@timeq/time-server';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import {
  answeredOf,
  ASCTIME,
  askClassic,
  askStatus,
  makeQueue,
  openQueue,
  ownServer,
  receive,
  startServer,
} from './server.js';

test('a stop message ends the server, which leaves neither queue nor semaphore', async (t) => {
  const { key, server } = await ownServer(t);
  assert.notEqual(semaphoresAt(key), undefined);
  await openQueue(t, key).send(2, '');
  const { code, stdout, stderr } = await server.exit();
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /stopping: a client asked for it\n.*stopped: \d+ requests? answered, the queue is removed\n$/,
  );
  assert.equal(queueAt(key), undefined);
  assert.equal(semaphoresAt(key), undefined);
});

test('requests that wait when the stop comes are answered, and their replies can be read', async (t) => {
  const { server, queue } = await ownServer(t);
  server.kill('SIGSTOP');
  for (let request = 0; request < 100; request += 1) assert.ok(queue.trySend(1, ''));
  assert.ok(queue.trySend(2, ''));
  server.kill('SIGCONT');
  for (let reply = 0; reply < 100; reply += 1)
    assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
  assert.ok(answeredOf((await server.exit()).stdout) >= 100);
});

test('a stop is seen before the requests that came earlier have been answered', async (t) => {
  const key = freshKey(t);
  let unanswered: number | undefined;
  const server = await TimeServer.start({
    key,
    log: ({ event }) => {
      if (event === 'stopping') unanswered = [...queue.peekAll()].filter(({ type }) => type === 1).length;
    },
  });
  const queue = openQueue(t, key);
  for (let request = 0; request < 300; request += 1) assert.ok(queue.trySend(1, ''));
  assert.ok(queue.trySend(2, ''));
  await server.ended;
  assert.ok(unanswered !== undefined && unanswered >= 200, `${unanswered} of 300 were left to answer`);
});

test('a client that waits for a reply when the queue is removed is told so', async (t) => {
  const { server, queue } = await ownServer(t);
  const waiting = assert.rejects(receive(queue, 3), GoneError);
  server.kill('SIGTERM');
  await waiting;
  assert.equal((await server.exit()).code, 0);
});

test('with --on-stop ignore a stop message is taken and does nothing', async (t) => {
  const { key, server, queue } = await ownServer(t, ['--on-stop', 'ignore']);
  await queue.send(2, '');
  await server.waitFor('ignored a stop message');
  assert.match(await askClassic(queue), ASCTIME);
  assert.equal((await askStatus(queue)).onStop, 'ignore');
  assert.equal(queueAt(key)?.['qnum'], 0);
  assert.equal((await server.killed('SIGTERM')).code, 0);
});

test('a stop from before the server was there does not end it', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key);
  await queue.send(2, '');
  await queue.send(1, '');
  const server = await startServer(t, key);
  assert.match(await server.nextLine(), /that was there: kept 1 request, dropped 1 stop and 0 replies$/);
  assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
  await assertServes(queue);
});

async function assertServes(queue: MessageQueue): Promise<void> {
  assert.match(await askClassic(queue), ASCTIME);
}
