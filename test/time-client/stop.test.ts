import assert from 'node:assert/strict';
import test from 'node:test';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freeze, ownServer, startTimeClient, timeClient, untilMessages } from './support.js';

test('stop returns when the server’s queue is gone, and says so', async (t) => {
  const { key, server } = await ownServer(t);
  const { code, stdout, stderr } = await timeClient(t, key, ['stop']);
  assert.equal(queueAt(key), undefined);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout, /^The time server at key 0x[0-9a-f]{8} has stopped, and its queue is gone\.\n$/);
  assert.equal((await server.exit()).code, 0);
  assert.equal(semaphoresAt(key), undefined);
});

test('stop --json says it to scripts', async (t) => {
  const { key } = await ownServer(t);
  const { code, stdout } = await timeClient(t, key, ['stop', '--json']);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), { key: `0x${key.toString(16).padStart(8, '0')}`, stopped: true });
});

test('stop says that a server ignores stops, and sends it none', async (t) => {
  const { key, server } = await ownServer(t, ['--on-stop', 'ignore']);
  const { code, stdout, stderr } = await timeClient(t, key, ['stop']);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, new RegExp(`\\(pid ${server.pid}\\) ignores stop messages.*kill ${server.pid}\\n$`));
  assert.equal((await timeClient(t, key, ['now'])).code, 0);
});

test('a server that is killed before it could stop is reported, with exit code 3', async (t) => {
  const { key, server } = await ownServer(t);
  await freeze(server);
  const client = startTimeClient(t, key, ['stop']);
  await untilMessages(key, 1);
  server.kill('SIGKILL');
  const { code, stderr } = await client.exit();
  assert.equal(code, 3);
  assert.match(stderr, /died without an answer/);
});
