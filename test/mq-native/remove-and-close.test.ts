import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, IpcError, MessageQueue } from '@timeq/mq-native';
import { queueWithId } from '../helpers/kernel-table.js';
import { threadsIn, untilBlocked } from '../helpers/threads.js';
import { asNobody, reportCode, skipWithoutNobody } from './as-nobody.js';
import { anotherHandle, privateQueue } from './queue.js';

const cancelled = (error: unknown): true => {
  assert.ok(error instanceof IpcError);
  assert.equal(error.code, 'ECANCELED');
  assert.equal(error.closed, true);
  assert.equal(error.timedOut, false);
  return true;
};

test('remove destroys the queue, for every handle', (t) => {
  const queue = privateQueue(t);
  const other = anotherHandle(t, queue);
  queue.sendSync(1, 'lost with it');
  queue.remove();
  assert.equal(queueWithId(queue.id), undefined);
  for (const handle of [queue, other]) {
    for (const use of [
      () => handle.trySend(1, ''),
      () => handle.sendSync(1, ''),
      () => handle.tryReceive(),
      () => handle.receiveSync(),
      () => handle.receiveBatch(),
      () => handle.stat(),
      () => handle.set({ mode: 0o600 }),
      () => handle.remove(),
    ]) {
      assert.throws(use, (error) => {
        assert.ok(error instanceof GoneError);
        assert.ok(error instanceof IpcError);
        assert.equal(error.name, 'GoneError');
        assert.equal(error.code, 'EIDRM');
        assert.equal(error.id, queue.id);
        return true;
      });
    }
  }
});

test('removeId removes the queue of that id, and says when it is gone or when there never was one', (t) => {
  const queue = privateQueue(t);
  const neighbour = privateQueue(t);
  MessageQueue.removeId(queue.id);
  assert.equal(queueWithId(queue.id), undefined);
  assert.notEqual(queueWithId(neighbour.id), undefined);
  assert.throws(() => MessageQueue.removeId(queue.id), { name: 'GoneError', code: 'EIDRM', id: queue.id });
  for (const id of [-1, 1.5, 2 ** 31])
    assert.throws(() => MessageQueue.removeId(id), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => MessageQueue.removeId('1' as unknown as number), { code: 'ERR_INVALID_ARG_TYPE' });
});

test("removeId does not remove another user's queue", { skip: skipWithoutNobody }, async (t) => {
  const queue = privateQueue(t, { mode: 0o666 });
  const { stdout } = await asNobody(
    t,
    `${reportCode}\nreport(() => mq.MessageQueue.removeId(Number(process.argv[1])));`,
    [queue.id],
  );
  assert.match(stdout, /^EPERM /);
  assert.notEqual(queueWithId(queue.id), undefined);
});

test('asynchronous sends and receives on a removed queue are rejected, not thrown', async (t) => {
  const queue = privateQueue(t);
  queue.remove();
  await assert.rejects(queue.send(1, ''), GoneError);
  await assert.rejects(queue.receive(), GoneError);
  await assert.rejects(queue.messages().next(), GoneError);
});

test('close leaves the queue and its messages as they are', async (t) => {
  const queue = privateQueue(t);
  const other = anotherHandle(t, queue);
  await queue.send(1, 'stays');
  queue.close();
  assert.equal(queueWithId(queue.id)?.['qnum'], 1);
  assert.equal((await other.receive()).body.toString(), 'stays');
});

test('a closed handle refuses everything but its id, its key, remove and close', async (t) => {
  const queue = privateQueue(t);
  queue.close();
  queue.close();
  assert.ok(queue.id >= 0);
  assert.equal(queue.key, 0);
  for (const use of [
    () => queue.trySend(1, ''),
    () => queue.sendSync(1, ''),
    () => queue.tryReceive(),
    () => queue.receiveSync(),
    () => queue.receiveBatch(),
    () => queue.peek(),
    () => queue.messages(),
    () => queue.batches(),
    () => queue.stat(),
    () => queue.set({ mode: 0o600 }),
  ]) {
    assert.throws(use, cancelled);
  }
  await assert.rejects(queue.send(1, ''), cancelled);
  await assert.rejects(queue.receive(), cancelled);
  queue.remove();
  assert.equal(queueWithId(queue.id), undefined);
});

test('close rejects every wait of the handle and ends its threads', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(5, '');
  const waits = [
    queue.receive({ type: 1 }),
    queue.receive({ type: 1 }),
    queue.receive({ type: -3, timeout: 1_000_000 }),
    queue.receive({ except: 5, signal: new AbortController().signal }),
    queue.send(6, ''),
    queue.send(7, 'another'),
  ];
  const rejected = Promise.all(waits.map((wait) => assert.rejects(wait, cancelled)));
  await untilBlocked('msgrcv', process.pid, 3);
  await untilBlocked('msgsnd');
  queue.close();
  assert.equal(threadsIn('msgrcv'), 0);
  assert.equal(threadsIn('msgsnd'), 0);
  await rejected;
  assert.equal(queueWithId(queue.id)?.['qnum'], 1);
});

test('close also ends waits that have not come to a thread yet', async (t) => {
  const queue = privateQueue(t);
  const waits = [queue.receive(), queue.receive({ type: 3 })].map((wait) => assert.rejects(wait, cancelled));
  queue.close();
  await Promise.all(waits);
});

test('a message that comes while the handle is closed is received or stays in the queue', async (t) => {
  const queue = privateQueue(t);
  for (let round = 0; round < 500; round++) {
    const handle = anotherHandle(t, queue);
    const receiving = handle.receive().then(
      () => 'received',
      () => 'closed',
    );
    if (round % 2 === 0) await untilBlocked('msgrcv');
    queue.sendSync(1, round % 4 < 2 ? '' : 'body');
    handle.close();
    const left = queue.tryReceive() === undefined ? 'received' : 'closed';
    assert.equal(await receiving, left);
  }
});

test('the end of a "using" block closes the handle', async (t) => {
  const queue = privateQueue(t);
  const other = MessageQueue.fromId(queue.id);
  const receiving = assert.rejects(other.receive(), cancelled);
  other[Symbol.dispose]();
  await receiving;
  assert.throws(() => other.tryReceive(), cancelled);
  assert.ok(queueWithId(queue.id));
});

test('only the owner, the creator and root may remove', { skip: skipWithoutNobody }, async (t) => {
  const queue = privateQueue(t, { mode: 0o666 });
  const { stdout } = await asNobody(
    t,
    `${reportCode} report(() => mq.MessageQueue.fromId(Number(process.argv[1])).remove());`,
    [queue.id],
  );
  assert.match(stdout, /^EPERM EPERM: only the owner, the creator and root may do that, msgctl queue \d+/);
  assert.ok(queueWithId(queue.id));
});
