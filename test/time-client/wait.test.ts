import assert from 'node:assert/strict';
import test from 'node:test';
import { freshKey } from '../helpers/keys.js';
import { freeze, ownServer, startServer, startTimeClient, timeClient, untilMessages } from './support.js';

test('wait returns at once where a server answers', async (t) => {
  const { key } = await ownServer(t);
  const { code, stdout, stderr } = await timeClient(t, key, ['wait']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^the time server at key 0x[0-9a-f]{8} answers\n$/);
});

test('wait sees a server that starts later', async (t) => {
  const key = freshKey(t);
  const waiting = startTimeClient(t, key, ['wait', '--json']);
  await startServer(t, key);
  const { code, stdout } = await waiting.exit();
  const { dialect, waitedMilliseconds } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual([code, dialect, typeof waitedMilliseconds], [0, 'addressed', 'number']);
});

test('wait outlives a server that is killed before it answered', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key);
  await freeze(first);
  const waiting = startTimeClient(t, key, ['wait']);
  await untilMessages(key, 1);
  await first.killed('SIGKILL');
  await startServer(t, key);
  assert.equal((await waiting.exit()).code, 0);
});

test('wait that times out says what was missing', async (t) => {
  const key = freshKey(t);
  const { code, stdout, stderr } = await timeClient(t, key, ['wait', '--timeout', '200ms']);
  assert.deepEqual([code, stdout], [4, '']);
  assert.match(
    stderr,
    /^time-client: no time server answered in time: there is no queue at key 0x[0-9a-f]+ .*\n$/,
  );
});
