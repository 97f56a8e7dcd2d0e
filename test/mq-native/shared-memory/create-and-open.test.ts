import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, SharedMemory } from '@timeq/mq-native';
import { kernelTable } from '../../helpers/kernel-table.js';
import { freshKey } from '../../helpers/keys.js';
import { privateSegment } from './segment.js';

test('create makes a segment of so many bytes, all zero, for its owner only', (t) => {
  const key = freshKey(t);
  using segment = SharedMemory.create(key, { bytes: 5000 });
  const row = kernelTable('shm').find((each) => each['key'] === key);
  assert.equal(row?.['shmid'], segment.id);
  assert.equal(row?.['size'], 5000);
  assert.equal(row?.['perms'], 0o600);
  assert.ok(segment.view(Uint8Array).every((byte) => byte === 0));
});

test('create refuses a key that has a segment, open one that has none', (t) => {
  const key = freshKey(t);
  assert.throws(() => SharedMemory.open(key), { code: 'ENOENT', syscall: 'shmget', key });
  SharedMemory.create(key, { bytes: 1 });
  assert.throws(() => SharedMemory.create(key, { bytes: 1 }), { code: 'EEXIST', syscall: 'shmget', key });
});

test('open, openOrCreate and fromId find the same segment', (t) => {
  const key = freshKey(t);
  const segment = SharedMemory.openOrCreate(key, { bytes: 100, mode: 0o640 });
  assert.equal(SharedMemory.open(key).id, segment.id);
  assert.equal(SharedMemory.openOrCreate(key, { bytes: 50 }).id, segment.id);
  assert.equal(SharedMemory.fromId(segment.id).key, key);
  assert.equal(segment.stat().mode, 0o640);
});

test('openOrCreate says when the segment that is there is smaller', (t) => {
  const key = freshKey(t);
  SharedMemory.create(key, { bytes: 100 });
  assert.throws(
    () => SharedMemory.openOrCreate(key, { bytes: 101 }),
    /EINVAL: the segment at that key is smaller/,
  );
});

test('sizes that cannot be are refused with a sentence that says why', () => {
  for (const bytes of [0, -1, 1.5, NaN, 2 ** 53]) {
    assert.throws(() => SharedMemory.createPrivate({ bytes }), RangeError, String(bytes));
  }
  // More than any machine has, and less than shmmax usually is.
  assert.throws(
    () => SharedMemory.createPrivate({ bytes: 2 ** 52 }),
    /(ENOMEM|EINVAL|ENOSPC): .*4503599627370496/,
  );
});

test('stat tells who made it, who attached last, and how many have it', (t) => {
  const segment = privateSegment(t, 10);
  assert.equal(segment.stat().attachments, 0);
  assert.equal(segment.stat().lastPid, 0);
  const attachment = segment.attach();
  const { attachments, creatorPid, lastPid, bytes, uid } = segment.stat();
  assert.deepEqual(
    { attachments, creatorPid, lastPid, bytes, uid },
    { attachments: 1, creatorPid: process.pid, lastPid: process.pid, bytes: 10, uid: process.getuid?.() },
  );
  attachment.detach();
  assert.equal(segment.stat().attachments, 0);
});

test('set changes the mode and keeps what is not given', (t) => {
  const segment = privateSegment(t, 10);
  segment.set({ mode: 0o644 });
  assert.equal(segment.stat().mode, 0o644);
  assert.equal(segment.stat().gid, process.getgid?.());
});

test('list has the segment as stat has it, and limits count it', (t) => {
  const segment = privateSegment(t, 10);
  assert.deepEqual(
    SharedMemory.list().find(({ id }) => id === segment.id),
    segment.stat(),
  );
  const limits = SharedMemory.limits();
  assert.ok(limits.segments >= 1 && limits.pages >= 1 && limits.maxSegmentBytes > 0n);
});

test('a segment that is removed goes when the last one has detached it', (t) => {
  const key = freshKey(t);
  const segment = SharedMemory.create(key, { bytes: 8 });
  const attachment = segment.attach();
  segment.remove();
  const { dest, attachments, key: keyNow } = segment.stat();
  assert.deepEqual({ dest, attachments, keyNow }, { dest: true, attachments: 1, keyNow: 0 });
  assert.throws(() => SharedMemory.open(key), { code: 'ENOENT' });
  attachment.view(Uint8Array)[0] = 7;
  assert.equal(SharedMemory.fromId(segment.id).view(Uint8Array)[0], 7);
  segment.close();
  attachment.detach();
});

test('once it is gone everything is a GoneError', (t) => {
  const segment = privateSegment(t, 8);
  segment.remove();
  assert.throws(() => segment.stat(), GoneError);
  assert.throws(() => segment.attach(), GoneError);
  assert.throws(() => segment.view(Uint8Array), GoneError);
  assert.throws(() => {
    segment.remove();
  }, GoneError);
  assert.throws(() => SharedMemory.fromId(segment.id), GoneError);
});

test('removeId removes the segment of that id, and says when it is gone', (t) => {
  const segment = privateSegment(t, 10);
  SharedMemory.removeId(segment.id);
  assert.throws(() => SharedMemory.fromId(segment.id), GoneError);
  assert.throws(() => SharedMemory.removeId(segment.id), { name: 'GoneError', id: segment.id });
  assert.throws(() => SharedMemory.removeId(-1), { code: 'ERR_OUT_OF_RANGE' });
});

test(
  'a segment is locked into memory, and unlocked',
  { skip: process.platform !== 'linux' && 'SHM_LOCK is Linux only' },
  (t) => {
    const segment = privateSegment(t, 4096);
    segment.lock();
    assert.equal(segment.stat().locked, true);
    segment.unlock();
    assert.equal(segment.stat().locked, false);
  },
);
