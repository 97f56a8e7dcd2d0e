import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, IpcError, MessageQueue } from '@timeq/mq-native';
import { queueAt, queueWithId } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { skipWithoutProcesses } from '../helpers/limits.js';
import { trackQueue } from '../helpers/tracking.js';
import { asNobody, reportCode, skipWithoutNobody } from './as-nobody.js';
import { privateQueue } from './queue.js';

function codeOf(error: unknown): string | undefined {
  return error instanceof IpcError ? error.code : undefined;
}

test('create makes a queue that only its owner may use, unless another mode is given', (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  assert.equal(queue.key, key);
  assert.equal(queueAt(key)?.['msqid'], queue.id);
  assert.equal(queueAt(key)?.['perms'], 0o600);

  const other = freshKey(t);
  MessageQueue.create(other, { mode: 0o622 });
  assert.equal(queueAt(other)?.['perms'], 0o622);
});

test('the mode is what was given, whatever the umask', (t) => {
  const before = process.umask(0o077);
  try {
    const queue = privateQueue(t, { mode: 0o666 });
    assert.equal(queueWithId(queue.id)?.['perms'], 0o666);
  } finally {
    process.umask(before);
  }
});

test('create does not open a queue that is there', (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  assert.throws(
    () => MessageQueue.create(key),
    (error) => codeOf(error) === 'EEXIST',
  );
  assert.equal(queueAt(key)?.['msqid'], queue.id);
});

test('open finds the queue that is there and creates none', (t) => {
  const key = freshKey(t);
  assert.throws(
    () => MessageQueue.open(key),
    (error) => codeOf(error) === 'ENOENT',
  );
  assert.equal(queueAt(key), undefined);
  const queue = MessageQueue.create(key);
  assert.equal(MessageQueue.open(key).id, queue.id);
  assert.equal(MessageQueue.open(key).key, key);
});

test('openOrCreate creates once and opens from then on, and leaves the mode of what is there', (t) => {
  const key = freshKey(t);
  const first = MessageQueue.openOrCreate(key, { mode: 0o660 });
  const second = MessageQueue.openOrCreate(key, { mode: 0o600 });
  assert.equal(second.id, first.id);
  assert.equal(queueAt(key)?.['perms'], 0o660);
});

test(
  'many processes that openOrCreate at the same time all have the same queue',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const { startSnippet } = await import('../helpers/node.js');
    const key = freshKey(t);
    const source = `import { MessageQueue } from '@timeq/mq-native';
    console.log('ready');
    process.stdin.once('data', () => {
      console.log('id', MessageQueue.openOrCreate(Number(process.argv[1])).id);
      process.exit();
    });`;
    const processes = Array.from({ length: 6 }, () => startSnippet(t, source, [key]));
    await Promise.all(processes.map((one) => one.waitFor('ready')));
    for (const one of processes) one.write('go\n');
    const ids = await Promise.all(processes.map(async (one) => (await one.waitFor(/id (\d+)/))[1]));
    assert.equal(new Set(ids).size, 1);
  },
);

test('private queues are all different and have no key', (t) => {
  const first = privateQueue(t);
  const second = privateQueue(t);
  assert.notEqual(first.id, second.id);
  assert.equal(first.key, 0);
  assert.equal(queueWithId(second.id)?.['key'], 0);
});

test('fromId gives a handle on the same queue, with its key', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  const same = MessageQueue.fromId(queue.id);
  assert.equal(same.id, queue.id);
  assert.equal(same.key, key);
  await queue.send(1, 'through one handle');
  assert.equal((await same.receive()).body.toString(), 'through one handle');
  assert.equal(MessageQueue.fromId(privateQueue(t).id).key, 0);
});

test('fromId of a queue that is gone says so', (t) => {
  const queue = trackQueue(t, MessageQueue.createPrivate());
  queue.remove();
  assert.throws(
    () => MessageQueue.fromId(queue.id),
    (error) => error instanceof GoneError && error.code === 'EIDRM' && error.id === queue.id,
  );
});

test(
  'a queue that may not be read can be had by its id, with its key',
  { skip: skipWithoutNobody },
  async (t) => {
    const key = freshKey(t);
    const { id } = MessageQueue.create(key, { mode: 0o600 });
    const { stdout, stderr } = await asNobody(
      t,
      `${reportCode}
    const queue = mq.MessageQueue.fromId(Number(process.argv[1]));
    console.log('key', queue.key);
    report(() => queue.tryReceive());`,
      [id],
    );
    assert.equal(stderr, '');
    assert.match(stdout, new RegExp(`^key ${key}\nEACCES `));
  },
);

test(
  'openOrCreate is refused where the mode that is asked for is not granted',
  { skip: skipWithoutNobody },
  async (t) => {
    const key = freshKey(t);
    MessageQueue.create(key, { mode: 0o600 });
    const { stdout } = await asNobody(
      t,
      `${reportCode}
    report(() => mq.MessageQueue.openOrCreate(Number(process.argv[1]), { mode: 0o666 }));
    report(() => mq.MessageQueue.open(Number(process.argv[1])));
    report(() => mq.MessageQueue.open(Number(process.argv[1])).trySend(1, ''));`,
      [key],
    );
    assert.match(stdout, /^EACCES .*\nfine\nEACCES /);
  },
);
