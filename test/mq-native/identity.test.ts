import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Condition,
  CountingSemaphore,
  EventFlag,
  GoneError,
  IpcNamespace,
  Lock,
  MessageQueue,
} from '@timeq/mq-native';
import { trackSemaphores } from '../helpers/tracking.js';
import { privateQueue } from './queue.js';
import { privateSet } from './semaphores/set.js';
import { privateSegment } from './shared-memory/segment.js';

test('the object of a handle can’t be changed: it never removes another object', (t) => {
  const pairs = [
    [privateQueue(t), privateQueue(t)],
    [privateSet(t), privateSet(t)],
    [privateSegment(t, 8), privateSegment(t, 8)],
  ] as const;
  for (const [handle, other] of pairs) {
    const { id } = handle;
    for (const name of ['id', 'key']) {
      assert.throws(() => Object.assign(handle, { [name]: other.id }), TypeError);
    }
    assert.equal(handle.id, id);
    assert.equal(handle.key, 0);
    // As a class of the program's own may.
    Object.defineProperty(handle, 'id', { value: other.id });
    handle.remove();
    assert.throws(() => handle.stat(), GoneError);
    assert.equal(other.stat().id, other.id);
  }
});

test('nor can that of a lock, a semaphore, an event, a condition or a namespace', (t) => {
  for (const primitive of [
    Lock.createPrivate(),
    CountingSemaphore.createPrivate({ permits: 1 }),
    EventFlag.createPrivate(),
    Condition.createPrivate(),
  ]) {
    trackSemaphores(t, primitive.id);
    assert.throws(() => Object.assign(primitive, { id: 1 }), TypeError);
  }
  for (const name of ['pid', 'inode'])
    assert.throws(() => Object.assign(IpcNamespace.own(), { [name]: 1 }), TypeError);
});

/** So many places the kernel's table has at most; an id is a place and how often that was used (ipc/util.h). */
const PLACES = 2 ** 15;

test('an id whose place was used again does not answer for the queue that is there now', (t) => {
  const queue = privateQueue(t);
  const former = queue.id < PLACES ? queue.id + PLACES : queue.id - PLACES;
  const gone = { name: 'GoneError', code: 'EIDRM' };
  assert.throws(() => MessageQueue.fromId(former), gone);
  assert.throws(() => {
    MessageQueue.removeId(former);
  }, gone);
  assert.equal(queue.stat().id, queue.id);
});
