import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { freeze, ownServer, startServer, timeClient } from './support.js';

/** A stranger's messages, which leave room for nothing but an empty one. */
function fill(key: number): void {
  const queue = MessageQueue.open(key);
  while (queue.trySend(7, Buffer.alloc(1000)));
  while (queue.trySend(9, '.'));
  queue.close();
}

test('a server whose queue is full of a stranger’s messages is stopped all the same', async (t) => {
  const { key, server } = await ownServer(t);
  fill(key);
  const { code, stdout, stderr } = await timeClient(t, key, ['stop']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout, /has stopped, and its queue is gone/);
  assert.equal((await server.exit()).code, 0);
  assert.equal(queueAt(key), undefined);
});

test('a request that finds no room says what fills the queue, and how to see it', async (t) => {
  const { key } = await ownServer(t);
  fill(key);
  const { code, stderr } = await timeClient(t, key, ['now', '--timeout', '100ms']);
  assert.equal(code, 4);
  assert.match(
    stderr,
    /nothing was sent; messages of type 7, 9, which no time server reads, fill the queue .*"ipctools peek 0x[0-9a-f]{8}"\n$/,
  );
});

test('a stop that does not come through says what fills the queue', async (t) => {
  const key = freshKey(t);
  await freeze(await startServer(t, key));
  fill(key);
  const { code, stderr } = await timeClient(t, key, ['stop', '--timeout', '100ms']);
  assert.equal(code, 4);
  assert.match(
    stderr,
    /removed from the queue; .* is stopped \(SIGSTOP\), .*; messages of type 7, 9, .*"ipctools peek 0x/,
  );
});

test('a server says once that a stranger’s messages fill its queue, when it sees it first', async (t) => {
  const { key, server } = await ownServer(t);
  const queue = MessageQueue.open(key);
  for (let filled = 0; filled < queue.stat().maxBytes * 0.85; filled += 1000)
    await queue.send(7, Buffer.alloc(1000));
  queue.close();
  assert.equal((await timeClient(t, key, ['now'])).code, 0);
  assert.equal((await timeClient(t, key, ['now'])).code, 0);
  await server.waitFor(
    /warning: \d+ messages of type 7 are in the queue, .*"ipctools peek 0x[0-9a-f]{8}"\n/,
    'stderr',
  );
  assert.equal((await timeClient(t, key, ['stop'])).code, 0);
  const { stderr } = await server.exit();
  assert.equal(stderr.split('\n').length, 2, stderr);
});
