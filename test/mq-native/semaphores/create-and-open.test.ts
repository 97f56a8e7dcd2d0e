import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, IpcError, SemaphoreSet } from '@timeq/mq-native';
import { semaphoresAt } from '../../helpers/kernel-table.js';
import { freshKey } from '../../helpers/keys.js';
import { privateSet } from './set.js';

test('create makes a set of so many semaphores, all zero, for its owner only', (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { count: 3 });
  const row = semaphoresAt(key);
  assert.equal(row?.['semid'], set.id);
  assert.equal(row?.['nsems'], 3);
  assert.equal(row?.['perms'], 0o600);
  assert.deepEqual(set.values(), [0, 0, 0]);
});

test('create refuses a key that has a set, open one that has none', (t) => {
  const key = freshKey(t);
  assert.throws(() => SemaphoreSet.open(key), { code: 'ENOENT', syscall: 'semget', key });
  SemaphoreSet.create(key);
  assert.throws(() => SemaphoreSet.create(key), { code: 'EEXIST', syscall: 'semget', key });
});

test('open, openOrCreate and fromId find the same set', (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.openOrCreate(key, { count: 2, mode: 0o640 });
  assert.equal(SemaphoreSet.open(key).id, set.id);
  assert.equal(SemaphoreSet.openOrCreate(key, { count: 2 }).id, set.id);
  assert.equal(SemaphoreSet.fromId(set.id).key, key);
  assert.equal(set.stat().mode, 0o640);
});

test('openOrCreate says when the set that is there is smaller', (t) => {
  const key = freshKey(t);
  SemaphoreSet.create(key, { count: 1 });
  assert.throws(() => SemaphoreSet.openOrCreate(key, { count: 2 }), /EINVAL.*fewer semaphores/);
});

test('a private set is found by its id only', (t) => {
  const set = privateSet(t);
  assert.equal(set.key, 0);
  set.setValue(0, 5);
  assert.equal(SemaphoreSet.fromId(set.id).value(), 5);
  assert.throws(() => SemaphoreSet.open(0), /createPrivate/);
});

test('values are read and set one by one and all at once', (t) => {
  const set = privateSet(t, { count: 3 });
  set.setValues([1, 2, 32767]);
  assert.deepEqual(set.values(), [1, 2, 32767]);
  set.setValue(1, 9);
  assert.equal(set.value(1), 9);
  assert.equal(set.value(), 1);
});

test('values that a semaphore cannot have, and semaphores that the set has not, are refused', (t) => {
  const set = privateSet(t, { count: 2 });
  assert.throws(() => set.setValue(0, 32768), RangeError);
  assert.throws(() => set.setValue(0, -1), RangeError);
  assert.throws(() => set.setValues([1]), RangeError);
  assert.throws(() => set.value(2), /EINVAL: the set has no semaphore of that number/);
  assert.throws(() => set.tryOperate([{ number: 2, delta: 1 }]), { code: 'EFBIG' });
  assert.throws(() => set.tryOperate([{ delta: 32767 }, { delta: 1 }]), { code: 'ERANGE' });
  assert.throws(() => set.tryOperate([]), RangeError);
});

test('set changes owner and mode, and keeps what is not given', (t) => {
  const set = privateSet(t, { mode: 0o600 });
  set.set({ mode: 0o644 });
  const { mode, uid } = set.stat();
  assert.equal(mode, 0o644);
  assert.equal(uid, process.getuid?.());
});

test('list has the set as stat has it, and limits count it', (t) => {
  const set = privateSet(t, { count: 4 });
  assert.deepEqual(
    SemaphoreSet.list().find(({ id }) => id === set.id),
    set.stat(),
  );
  const limits = SemaphoreSet.limits();
  assert.ok(limits.sets >= 1 && limits.semaphores >= 4 && limits.maxValue === 32767);
});

test('lastPid tells who operated last', (t) => {
  const set = privateSet(t);
  assert.equal(set.lastPid(), 0);
  set.tryOperate([{ delta: 1 }]);
  assert.equal(set.lastPid(), process.pid);
});

test('after remove everything is a GoneError', async (t) => {
  const set = privateSet(t);
  set.remove();
  assert.throws(() => set.value(), GoneError);
  assert.throws(() => set.tryOperate([{ delta: 1 }]), GoneError);
  await assert.rejects(set.operate([{ delta: -1 }]), GoneError);
  assert.throws(() => SemaphoreSet.fromId(set.id), GoneError);
});

test('after close everything is refused, but the set stays', async (t) => {
  const set = privateSet(t);
  set.close();
  set.close();
  assert.throws(() => set.value(), { code: 'ECANCELED' });
  assert.throws(() => set.tryOperate([{ delta: 1 }]), { code: 'ECANCELED' });
  await assert.rejects(set.operate([{ delta: 1 }]), (error) => error instanceof IpcError && error.closed);
  assert.equal(SemaphoreSet.fromId(set.id).value(), 0);
});

test('removeId removes the set of that id, and says when it is gone', (t) => {
  const set = privateSet(t);
  SemaphoreSet.removeId(set.id);
  assert.throws(() => SemaphoreSet.fromId(set.id), GoneError);
  assert.throws(() => SemaphoreSet.removeId(set.id), { name: 'GoneError', id: set.id });
  assert.throws(() => SemaphoreSet.removeId(-1), { code: 'ERR_OUT_OF_RANGE' });
});
