import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { EvidenceGatherer, Facts, type Evidence } from '@timeq/ipctools';
import { KERNEL, kernelSnapshot } from '#ipctools/evidence/kernel';
import { formatKey, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { freshKey } from '../../helpers/keys.js';
import { startSnippet, runSnippet } from '../../helpers/node.js';
import { untilBlocked } from '../../helpers/threads.js';
import { trackSegment, trackSemaphores } from '../../helpers/tracking.js';
import { skipWithoutOtherUser } from '../../helpers/users.js';
import { powerless, strangerUid } from '../support.js';

/** No thread is blocked anywhere. */
const blocked = { byQueue: new Map(), complete: true, partial: false, unseen: [] };
const gather = (object: Parameters<EvidenceGatherer['gather']>[0]): Evidence =>
  new EvidenceGatherer(new Facts({ blocked })).gather(object);

/** Who is named with an object, and lives. */
const living = ({ processes }: Evidence): string[] =>
  processes.filter(({ state }) => state === 'alive').map(({ role }) => role);

/** A set that only another process has used, which is dead. */
async function usedByTheDead(t: TestContext, key: number): Promise<SemaphoreSet> {
  const set = trackSemaphores(t, SemaphoreSet.create(key, { count: 2, mode: 0o600 }));
  const source = `import { SemaphoreSet } from '@timeq/mq-native';
    SemaphoreSet.open(Number(process.argv[1])).tryOperate([{ number: 0, delta: 1 }, { number: 1, delta: 1 }]);`;
  assert.equal((await runSnippet(t, source, [key])).code, 0);
  return set;
}

test('a process that used the semaphores at a queue’s key, as a mutex or otherwise, keeps the queue', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  const set = await usedByTheDead(t, key);
  assert.deepEqual(living(gather({ kind: 'queue', entry: queue.stat() })), []);
  // The second of them.
  set.setValue(1, 3);
  assert.deepEqual(living(gather({ kind: 'queue', entry: queue.stat() })), [
    'last user of the semaphores beside it',
  ]);
});

test('a process that used the queue at a set’s key keeps the set', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  const set = await usedByTheDead(t, key);
  assert.deepEqual(living(gather({ kind: 'semaphore set', entry: set.stat() })), []);
  queue.trySend(1, '');
  assert.deepEqual(living(gather({ kind: 'semaphore set', entry: set.stat() })), [
    'last sender of the queue beside it',
  ]);
});

test('a process that has only written a value into a set keeps it', (t) => {
  const set = trackSemaphores(t, SemaphoreSet.create(freshKey(t), { count: 1 }));
  set.setValue(0, 1);
  assert.equal(set.stat().operateTime, 0);
  assert.deepEqual(living(gather({ kind: 'semaphore set', entry: set.stat() })), ['last process']);
});

test('the process that attached a segment last keeps it, and so does its creator', async (t) => {
  const key = freshKey(t);
  const source = `import { SharedMemory } from '@timeq/mq-native';
    SharedMemory.create(Number(process.argv[1]), { bytes: 100 });`;
  assert.equal((await runSnippet(t, source, [key])).code, 0);
  const segment = trackSegment(t, SharedMemory.open(key));
  assert.deepEqual(living(gather({ kind: 'segment', entry: segment.stat() })), []);
  segment.attach().detach();
  assert.deepEqual(living(gather({ kind: 'segment', entry: segment.stat() })), ['last process']);
  const own = trackSegment(t, SharedMemory.create(freshKey(t), { bytes: 100 }));
  assert.deepEqual(living(gather({ kind: 'segment', entry: own.stat() })), ['creator']);
});

test('a process that waits until any semaphore of a set is at 0 uses the set', async (t) => {
  const key = freshKey(t);
  const set = await usedByTheDead(t, key);
  assert.equal(KERNEL.readSet(set.stat()).waiters, 0);
  const waiter = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    SemaphoreSet.open(Number(process.argv[1])).operateSync([{ number: 1, delta: 0 }]);`,
    [key],
  );
  await untilBlocked('semtimedop', waiter.pid);
  assert.equal(KERNEL.readSet(set.stat()).waiters, 1);
});

test('private objects stand beside nothing', (t) => {
  trackSemaphores(t, SemaphoreSet.createPrivate({ count: 1 }));
  assert.deepEqual([kernelSnapshot().setAt(0), KERNEL.setAt(0)], [undefined, undefined]);
});

test(
  'where a user may read a queue, and not the semaphore beside it, the queue is unknown',
  { skip: skipWithoutOtherUser(strangerUid) },
  async (t) => {
    const key = freshKey(t);
    MessageQueue.create(key, { mode: 0o666 });
    trackSemaphores(t, SemaphoreSet.create(key, { count: 1, mode: 0o600 }));
    const words = ['stale', 'queues', '--older-than', '0', '--assume-unseen-idle', '--json'];
    const { stdout } = await powerless(t, words, strangerUid);
    const { objects } = JSON.parse(stdout) as {
      objects: { keyHex: string; verdict: string; reasons: string[] }[];
    };
    const judged = objects.find(({ keyHex }) => keyHex === formatKey(key));
    assert.deepEqual(
      [judged?.verdict, judged?.reasons],
      ['unknown', ['this user may not read the semaphore beside it']],
    );
  },
);
