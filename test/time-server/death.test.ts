import assert from 'node:assert/strict';
import test from 'node:test';
import { Liveness, type MessageQueue } from '@timeq/mq-native';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey, freshType } from '../helpers/keys.js';
import { ASCTIME, askClassic, openQueue, ownServer, receive, startServer } from './server.js';

/** Only a queue that was received from is believed to have had a server, whatever is in it. */
async function served(queue: MessageQueue): Promise<void> {
  assert.match(await askClassic(queue), ASCTIME);
}

test('after kill -9 the semaphore says that the server is dead, and the queue stays', async (t) => {
  const { key, server } = await ownServer(t);
  assert.deepEqual(Liveness.check(key), { state: 'alive', pid: server.pid });
  const died = Liveness.died(key);
  server.kill('SIGKILL');
  await died;
  assert.equal(Liveness.check(key).state, 'dead');
  assert.notEqual(queueAt(key), undefined);
});

test('the next server keeps the requests of a dead one, drops its stops and replies, and says so in one line', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key);
  const queue = openQueue(t, key);
  await served(queue);
  await first.killed('SIGKILL');
  for (let request = 0; request < 300; request += 1) await queue.send(1, '');
  await queue.send(2, '');
  await queue.send(2, '');
  for (let reply = 0; reply < 3; reply += 1) await queue.send(3, 'Thu Jan  1 00:00:00 1970');
  await queue.send(freshType(), 'an addressed reply');
  const second = await startServer(t, key);
  const line = await second.nextLine();
  assert.match(
    line,
    /adopted queue \d+ of a server that died: kept 300 requests, dropped 2 stops and 4 replies$/,
  );
  for (let request = 0; request < 300; request += 1) {
    const text = (await receive(queue, 3)).body.toString();
    assert.match(text, ASCTIME);
    assert.doesNotMatch(text, /1970/);
  }
  assert.equal(queueAt(key)?.['qnum'], 0);
  assert.deepEqual(Liveness.check(key), { state: 'alive', pid: second.pid });
  assert.equal((await second.killed('SIGTERM')).code, 0);
  assert.equal(queueAt(key), undefined);
});

test('messages that are none of the protocol’s stay in an adopted queue, and the server warns of them', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key);
  const queue = openQueue(t, key);
  await served(queue);
  await first.killed('SIGKILL');
  await queue.send(7, 'a stranger’s');
  const second = await startServer(t, key);
  await second.waitFor(
    /warning: 1 message of type 7 is in the queue, which no time server or client reads, .*"ipctools peek 0x[0-9a-f]{8}"\n/,
    'stderr',
  );
  assert.match(await askClassic(queue), ASCTIME);
  assert.equal((await receive(queue, 7)).body.toString(), 'a stranger’s');
});

test('with --reply shared the replies of a dead server are dropped as well', async (t) => {
  const key = freshKey(t);
  const dead = await startServer(t, key, ['--reply', 'shared']);
  const queue = openQueue(t, key);
  await served(queue);
  await dead.end();
  queue.trySend(3, 'the time of then');
  await startServer(t, key, ['--reply', 'shared']);
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('with --reply pid+3 the replies of a dead server are dropped at any pid, and nothing else', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key, ['--reply', 'pid+3']);
  const queue = openQueue(t, key);
  await served(queue);
  await first.killed('SIGKILL');
  await queue.send(1234, 'Thu Jan  1 00:00:00 1970');
  await queue.send(1235, 'a stranger’s');
  const second = await startServer(t, key, ['--reply', 'pid+3']);
  assert.match(await second.nextLine(), /dropped 0 stops and 1 reply$/);
  assert.equal((await receive(openQueue(t, key), 1235)).body.toString(), 'a stranger’s');
  assert.equal(queueAt(key)?.['qnum'], 0);
});
