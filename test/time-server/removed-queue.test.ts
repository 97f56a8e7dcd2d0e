import assert from 'node:assert/strict';
import test from 'node:test';
import { GoneError, Liveness } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { run } from '../helpers/process.js';
import { ASCTIME, askClassic, openQueue, ownServer, receive } from './server.js';

test('a queue that a client removes is made again with the same mode, and the log says so', async (t) => {
  const { key, server } = await ownServer(t, ['--mode', '0640']);
  const before = openQueue(t, key);
  const waiting = assert.rejects(receive(before, 3), GoneError);
  before.remove();
  await waiting;
  await server.waitFor(
    /warning: another program removed the queue: created queue \d+ in its place\n/,
    'stderr',
  );
  const after = openQueue(t, key);
  assert.notEqual(after.id, before.id);
  assert.equal(queueAt(key)?.['perms'], 0o640);
  assert.match(await askClassic(after), ASCTIME);
  assert.equal((await server.killed('SIGTERM')).code, 0);
  assert.equal(queueAt(key), undefined);
});

test('a queue that is removed again and again is made again each time', async (t) => {
  const { key, server } = await ownServer(t);
  let id = openQueue(t, key).id;
  for (let removal = 0; removal < 20; removal += 1) {
    const queue = openQueue(t, key);
    assert.match(await askClassic(queue), ASCTIME);
    queue.remove();
    id = await untilNewQueue(key, id);
  }
  const { code, stderr } = await server.killed('SIGTERM');
  assert.equal(code, 0);
  assert.ok(stderr.split('\n').length < 20, 'the log was flooded');
});

test('when semaphore and queue are both removed the server claims the key again', async (t) => {
  const { key, server } = await ownServer(t);
  const { id } = openQueue(t, key);
  await run(t, 'ipcrm', ['-s', String(semaphoresAt(key)?.['semid'])]);
  await run(t, 'ipcrm', ['-q', String(id)]);
  await untilNewQueue(key, id);
  assert.match(await askClassic(openQueue(t, key)), ASCTIME);
  assert.deepEqual(Liveness.check(key), { state: 'alive', pid: server.pid });
  assert.equal((await server.killed('SIGTERM')).code, 0);
  assert.equal(semaphoresAt(key), undefined);
});

async function untilNewQueue(key: number, formerId: number): Promise<number> {
  return await until(() => {
    const id = queueAt(key)?.['msqid'];
    return id !== formerId && id;
  }, 'a new queue');
}
