import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageQueue, type QueueEntry } from '@timeq/mq-native';
import { kernelTable, queueWithId } from '../helpers/kernel-table.js';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { root, snippetCommand } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { asNobody, skipWithoutNobody } from './as-nobody.js';
import { privateQueue } from './queue.js';

function assertAsTheKernelSays(entry: QueueEntry): void {
  const row = queueWithId(entry.id);
  assert.ok(row);
  assert.deepEqual(
    { ...entry, maxBytes: undefined },
    {
      key: row['key'],
      id: row['msqid'],
      mode: row['perms'],
      bytes: row['cbytes'],
      messages: row['qnum'],
      maxBytes: undefined,
      uid: row['uid'],
      gid: row['gid'],
      creatorUid: row['cuid'],
      creatorGid: row['cgid'],
      lastSendPid: row['lspid'],
      lastReceivePid: row['lrpid'],
      sendTime: row['stime'],
      receiveTime: row['rtime'],
      changeTime: row['ctime'],
    },
  );
}

test('the list has a queue with all that the kernel says about it', async (t) => {
  const queue = privateQueue(t, { mode: 0o640, maxBytes: 2000 });
  await queue.send(7, 'some bytes');
  await queue.send(8, 'more');
  queue.tryReceive({ type: 8 });
  const entry = MessageQueue.list().find(({ id }) => id === queue.id);
  assert.ok(entry);
  assertAsTheKernelSays(entry);
  assert.equal(entry.bytes, 10);
  assert.equal(entry.messages, 1);
  assert.equal(entry.maxBytes, 2000);
  assert.equal(entry.lastSendPid, process.pid);
  assert.equal(entry.lastReceivePid, process.pid);
  assert.ok(entry.sendTime > 0 && entry.receiveTime > 0 && entry.changeTime > 0);
});

test('the list has every queue of the machine once', (t) => {
  const own = Array.from({ length: 20 }, () => privateQueue(t).id);
  const listed = MessageQueue.list().map(({ id }) => id);
  assert.equal(new Set(listed).size, listed.length);
  for (const id of own) assert.ok(listed.includes(id));
  // Others may make and remove queues meanwhile, so only those of this test are certain.
  const known = new Set(kernelTable('msg').map((row) => row['msqid']));
  for (const id of own) assert.ok(known.has(id));
});

test('the list has also the queues that may not be read', { skip: skipWithoutNobody }, async (t) => {
  const queue = privateQueue(t, { mode: 0o600, maxBytes: 2000 });
  await queue.send(1, 'secret');
  const { stdout, stderr } = await asNobody(
    t,
    'console.log(JSON.stringify(mq.MessageQueue.list().find(({ id }) => id === Number(process.argv[1]))));',
    [queue.id],
  );
  assert.equal(stderr, '');
  const entry: QueueEntry = JSON.parse(stdout);
  assertAsTheKernelSays(entry);
  assert.ok(entry.maxBytes === 2000 || entry.maxBytes === undefined);
});

/** Runs a piece of JavaScript, in which `mq` is the binding, in an IPC namespace of its own. Gives what it logged. */
async function inNamespace(t: Parameters<typeof run>[0], source: string, limits = {}): Promise<unknown> {
  const text = `import * as mq from '@timeq/mq-native';\n${source}`;
  const [command, commandArguments] = inOwnNamespace(process.execPath, snippetCommand(text), limits);
  const { stdout, stderr, code } = await run(t, command, commandArguments, { cwd: root });
  assert.deepEqual([stderr, code], ['', 0]);
  return JSON.parse(stdout);
}

test('the list of a namespace without queues is empty', { skip: skipWithoutNamespaces() }, async (t) => {
  assert.deepEqual(await inNamespace(t, 'console.log(JSON.stringify(mq.MessageQueue.list()));'), []);
});

test(
  'a long list is whole, also with gaps in the kernel’s table',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    const result = await inNamespace(
      t,
      `const queues = Array.from({ length: 1500 }, () => mq.MessageQueue.createPrivate());
    for (let index = 0; index < 1500; index += 3) queues[index].remove();
    const left = queues.filter((_, index) => index % 3 !== 0).map(({ id }) => id);
    const listed = mq.MessageQueue.list().map(({ id }) => id);
    const order = (a, b) => a - b;
    console.log(JSON.stringify([listed.length, String(listed.sort(order)) === String(left.sort(order))]));`,
    );
    assert.deepEqual(result, [1000, true]);
  },
);

test(
  'the limits are the kernel’s, with what is in use of them',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    const result = await inNamespace(
      t,
      `const queue = mq.MessageQueue.createPrivate();
    mq.MessageQueue.createPrivate();
    queue.sendSync(1, 'five!');
    queue.sendSync(1, '');
    console.log(JSON.stringify(mq.MessageQueue.limits()));`,
      { msgmax: 5000, msgmnb: 6000, msgmni: 70 },
    );
    assert.deepEqual(result, {
      maxMessageBytes: 5000,
      maxQueueBytes: 6000,
      maxQueues: 70,
      queues: 2,
      messages: 2,
      bytes: 5,
    });
  },
);

test('entries gives what the list has, one after another and as often as one likes', (t) => {
  const own = Array.from({ length: 20 }, () => privateQueue(t).id);
  const entries = MessageQueue.entries();
  const first = [...entries].filter(({ id }) => own.includes(id));
  assert.deepEqual(
    first,
    MessageQueue.list().filter(({ id }) => own.includes(id)),
  );
  assert.deepEqual(
    [...entries].filter(({ id }) => own.includes(id)),
    first,
  );
});
