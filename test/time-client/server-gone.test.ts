import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue, Processes } from '@timeq/mq-native';
import { ClientError, TimeClient } from '@timeq/time-client';
import { deadline } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { startSnippet } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { trackQueue } from '../helpers/tracking.js';
import {
  ASCTIME,
  freeze,
  ownServer,
  startServer,
  startTimeClient,
  timeClient,
  untilMessages,
} from './support.js';

const VERBS = ['now', 'watch', 'status', 'stop', 'measure'] as const;

for (const verb of VERBS) {
  test(`${verb} says that there is no queue and how to start a server, with exit code 3`, async (t) => {
    const key = freshKey(t);
    const { code, stdout, stderr } = await timeClient(t, key, [verb]);
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(
      stderr,
      /^time-client: there is no queue at key 0x[0-9a-f]{8}.*time-server --key 0x[0-9a-f]+\n$/,
    );
  });

  test(`${verb} says at once that the server is dead and sends nothing, with exit code 3`, async (t) => {
    const key = freshKey(t);
    await (await startServer(t, key)).end();
    const { code, stdout, stderr } = await timeClient(t, key, [verb]);
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(
      stderr,
      /^time-client: the time server at key 0x[0-9a-f]{8} is dead and left its queue behind.*\n$/,
    );
    assert.equal(queueAt(key)?.['qnum'], 0);
  });
}

test('a server that is killed while a client waits is reported at once, with exit code 3', async (t) => {
  const { key, server } = await ownServer(t);
  await freeze(server);
  const client = startTimeClient(t, key, ['now']);
  await untilMessages(key, 1);
  server.kill('SIGKILL');
  const { code, stdout, stderr } = await client.exit();
  assert.deepEqual([code, stdout], [3, '']);
  assert.match(
    stderr,
    new RegExp(`^time-client: the time server .*\\(pid ${server.pid}\\) died without an answer.*\\n$`),
  );
});

test('a server that the kernel is still ending when a client first looks is reported at once', async (t) => {
  const key = freshKey(t);
  // It takes the kernel some milliseconds to free so much memory, which it does before it lowers semaphores.
  const server = startSnippet(
    t,
    `import { Liveness, MessageQueue } from '@timeq/mq-native';
    const key = Number(process.argv[1]);
    Liveness.claim(key, { mode: 0o600 });
    MessageQueue.create(key, { mode: 0o600 });
    globalThis.memory = Buffer.alloc(2 ** 28, 1);
    console.log('ready');
    process.stdin.resume();`,
    [key],
  );
  await server.waitFor('ready');
  using client = TimeClient.connect(key, { timeout: Infinity });
  server.kill('SIGKILL');
  while (new Processes().live(server.pid) !== undefined);
  await deadline(
    assert.rejects(client.now(), (error) => error instanceof ClientError && error.noServer),
    'word of its death',
  );
});

test('a server that is killed while a client waits for room in the queue is reported at once', async (t) => {
  const { key, server } = await ownServer(t);
  await freeze(server);
  const queue = MessageQueue.open(key);
  while (queue.trySend(1, Buffer.alloc(1000)));
  while (queue.trySend(1, '.'));
  const client = startTimeClient(t, key, ['now']);
  await untilBlocked('msgsnd', client.pid);
  server.kill('SIGKILL');
  const { code, stderr } = await client.exit();
  assert.equal(code, 3);
  assert.match(stderr, /died without an answer/);
});

test('the removal of the queue while a client waits ends it with exit code 3', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const client = startTimeClient(t, key, ['now']);
  await untilMessages(key, 1);
  queue.remove();
  const { code, stderr } = await client.exit();
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^time-client: the queue at key 0x[0-9a-f]{8} was removed, so the time server is gone.*\n$/,
  );
});

test('the removal of the queue of a living server is told apart', async (t) => {
  const { key, server } = await ownServer(t);
  await freeze(server);
  const client = startTimeClient(t, key, ['now']);
  await untilMessages(key, 1);
  MessageQueue.open(key).remove();
  const { code, stderr } = await client.exit();
  assert.equal(code, 3);
  assert.match(stderr, /was removed, but the time server is alive and will make a new one, so try again/);
});

test('once a new server has taken the queue over, the time is to be had again', async (t) => {
  const key = freshKey(t);
  await (await startServer(t, key)).end();
  assert.equal((await timeClient(t, key, ['now'])).code, 3);
  await startServer(t, key);
  const { code, stdout } = await timeClient(t, key, ['now']);
  assert.equal(code, 0);
  assert.match(stdout.trimEnd(), ASCTIME);
});
