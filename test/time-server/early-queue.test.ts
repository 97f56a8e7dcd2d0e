import assert from 'node:assert/strict';
import test from 'node:test';
import { Liveness, MessageQueue, SemaphoreSet } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { bin, runNode, runSnippet } from '../helpers/node.js';
import { trackSemaphores } from '../helpers/tracking.js';
import { ASCTIME, makeQueue, receive, startServer } from './server.js';

test('an empty queue that a program has read from is another program’s, and is refused', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key);
  queue.trySend(1, '');
  queue.tryReceive();
  const { code, stderr } = await runNode(t, [bin('time-server'), '--key', String(key)]);
  assert.equal(code, 3);
  assert.match(stderr, /a queue that no time server has claimed is at key .*, 0 messages, last read by pid/);
  assert.equal(semaphoresAt(key), undefined);
});

test('a queue with messages that no client sends is another program’s, and is refused', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key);
  queue.trySend(1, '');
  queue.trySend(5, 'another program’s');
  const { code, stderr } = await runNode(t, [bin('time-server'), '--key', String(key)]);
  assert.equal(code, 3);
  assert.match(stderr, /a queue that no time server has claimed is at key .*, 2 messages\)/);
  assert.equal(queueAt(key)?.['qnum'], 2);
});

test('a semaphore that was never raised does not release another program’s queue', async (t) => {
  const key = freshKey(t);
  trackSemaphores(t, SemaphoreSet.create(key, { count: 1, mode: 0o600 }));
  makeQueue(t, key);
  // Another process sends, waits for 0, and is dead.
  const source = `import { MessageQueue, SemaphoreSet } from '@timeq/mq-native';
    const key = Number(process.argv[1]);
    MessageQueue.open(key).trySend(5, 'another program’s');
    SemaphoreSet.open(key).tryOperate([{ delta: 0 }]);
`;
  assert.equal((await runSnippet(t, source, [key])).code, 0);
  assert.equal(Liveness.check(key).state, 'dead');
  MessageQueue.open(key).trySend(1, '');
  const { code, stderr } = await runNode(t, [bin('time-server'), '--key', String(key)]);
  assert.equal(code, 3);
  assert.match(stderr, /a queue that no time server has claimed is at key .*, 2 messages\)/);
  assert.equal(queueAt(key)?.['qnum'], 2);
});

test('a queue with an early request and an early stop is a client’s, and is served', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key);
  queue.trySend(1, '');
  queue.trySend(2, '');
  await startServer(t, key);
  assert.match((await receive(queue, 3)).body.toString(), ASCTIME);
});
