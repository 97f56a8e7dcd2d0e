import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { TimeClient } from '@timeq/time-client';
import { until } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { untilBlocked } from '../helpers/threads.js';
import {
  ASCTIME,
  askLonger,
  freeze,
  ownServer,
  startServer,
  startTimeClient,
  timeClient,
} from './support.js';

function fill(key: number): void {
  const queue = MessageQueue.open(key);
  while (queue.trySend(1, Buffer.alloc(1000)));
  while (queue.trySend(1, '.'));
  queue.close();
}

test('a server that does not answer is told apart from a dead one, with exit code 4', async (t) => {
  const { key, server } = await ownServer(t);
  await freeze(server);
  const stopped = `is alive but stopped \\(SIGSTOP\\); let it go on with "kill -CONT ${server.pid}"`;
  for (const verb of ['now', 'status', 'measure', 'watch']) {
    const { code, stdout, stderr } = await timeClient(t, key, [verb, '--timeout', '100ms']);
    assert.equal(code, 4, verb);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`no answer .* within 100ms: .*\\(pid ${server.pid}\\) ${stopped}`));
  }
  const { code, stderr } = await timeClient(t, key, ['stop', '--timeout', '100ms']);
  assert.equal(code, 4);
  assert.match(
    stderr,
    new RegExp(
      `stop message .*removed from the queue; .*\\(pid ${server.pid}\\) is stopped \\(SIGSTOP\\), let it go on with`,
    ),
  );
});

test('a queue without a server times out with exit code 4', async (t) => {
  const key = freshKey(t);
  MessageQueue.create(key).close();
  const unread = /the request was not read: no process has ever received from this queue\n$/;
  const { code, stderr } = await askLonger(
    (timeout) => timeClient(t, key, ['now', '--timeout', `${timeout}ms`]),
    unread,
  );
  assert.equal(code, 4);
  assert.match(stderr, unread);
});

test('a request that was never sent is not called read', async (t) => {
  const key = freshKey(t);
  using queue = MessageQueue.create(key);
  using client = TimeClient.connect(key, { ask: 'shared' });
  const first = assert.rejects(client.now({ timeout: 60_000 }), { code: 'CLOSED' });
  await until(() => queue.stat().messages === 1, 'the first request');
  await assert.rejects(client.now({ timeout: 20 }), {
    code: 'TIMED_OUT',
    message:
      /: the request was not sent: an earlier one is still waiting for its answer, and a classic server answers one/,
  });
  assert.equal(queue.stat().messages, 1);
  client.close();
  await first;
});

test('a full queue that stays full is named, with exit code 4, and gets nothing', async (t) => {
  const key = freshKey(t);
  await freeze(await startServer(t, key));
  fill(key);
  const before = queueAt(key)?.['qnum'];
  const { code, stderr } = await timeClient(t, key, ['now', '--timeout', '100ms']);
  assert.equal(code, 4);
  assert.match(
    stderr,
    /is full \(\d+ messages, \d+ of \d+ bytes\) and had no room within 100ms; nothing was sent/,
  );
  assert.equal(queueAt(key)?.['qnum'], before);
});

test('a full queue that gets room is waited for', async (t) => {
  const { key, server } = await ownServer(t);
  await freeze(server);
  fill(key);
  const client = startTimeClient(t, key, ['now']);
  await untilBlocked('msgsnd', client.pid);
  server.kill('SIGCONT');
  const { code, stdout, stderr } = await client.exit();
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout.trimEnd(), ASCTIME);
});
