import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, SharedMemory } from '@timeq/mq-native';
import { kernelTable } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { trackSegment } from '../helpers/tracking.js';
import { asNobody, skipUnlessRoot } from './as-nobody.js';

function segmentAt(key: number) {
  return kernelTable('shm').find((row) => row['key'] === key);
}

test('a segment is created, opened by key and by id, and removed', (t) => {
  const key = freshKey(t);
  assert.throws(() => SharedMemory.open(key), { code: 'ENOENT', syscall: 'shmget' });
  const segment = SharedMemory.create(key, { bytes: 5000, mode: 0o640 });
  assert.deepEqual(
    [segmentAt(key)?.['shmid'], segmentAt(key)?.['size'], segmentAt(key)?.['perms']],
    [segment.id, 5000, 0o640],
  );
  assert.throws(() => SharedMemory.create(key, { bytes: 1 }), { code: 'EEXIST' });
  assert.equal(SharedMemory.open(key).id, segment.id);
  assert.equal(SharedMemory.openOrCreate(key, { bytes: 100 }).id, segment.id);
  assert.throws(() => SharedMemory.openOrCreate(key, { bytes: 5001 }), { code: 'EINVAL' });
  assert.equal(SharedMemory.fromId(segment.id).key, key);
  segment.remove();
  assert.equal(segmentAt(key), undefined);
  assert.throws(() => segment.stat(), GoneError);
  assert.throws(() => SharedMemory.fromId(segment.id), GoneError);
});

test('stat, set and the list say what the kernel says', (t) => {
  const key = freshKey(t);
  const segment = SharedMemory.create(key, { bytes: 1 });
  const row = segmentAt(key);
  const entry = segment.stat();
  assert.deepEqual(
    { ...entry },
    {
      key,
      id: segment.id,
      mode: 0o600,
      dest: false,
      locked: false,
      bytes: 1,
      attachments: 0,
      creatorPid: process.pid,
      lastPid: 0,
      uid: row?.['uid'],
      gid: row?.['gid'],
      creatorUid: row?.['cuid'],
      creatorGid: row?.['cgid'],
      attachTime: 0,
      detachTime: 0,
      changeTime: row?.['ctime'],
    },
  );
  assert.deepEqual(
    SharedMemory.list().find(({ id }) => id === segment.id),
    entry,
  );
  segment.set({ mode: 0o604 });
  assert.equal(segmentAt(key)?.['perms'], 0o604);
});

test('a size that no segment can have is refused', (t) => {
  const key = freshKey(t);
  for (const bytes of [0, -1, 1.5, Number.NaN]) {
    assert.throws(() => SharedMemory.create(key, { bytes }), { code: 'ERR_OUT_OF_RANGE' });
  }
  assert.equal(segmentAt(key), undefined);
});

test('the list has also the segments that may not be read', { skip: skipUnlessRoot }, async (t) => {
  const segment = trackSegment(t, SharedMemory.createPrivate({ bytes: 777, mode: 0o600 }));
  const { stdout, stderr } = await asNobody(
    t,
    'console.log(mq.SharedMemory.list().find(({ id }) => id === Number(process.argv[1])).bytes);',
    [segment.id],
  );
  assert.deepEqual([stdout, stderr], ['777\n', '']);
});

test('the limits are the kernel’s, of 64 bits where they are', (t) => {
  trackSegment(t, SharedMemory.createPrivate({ bytes: 1 }));
  const limits = SharedMemory.limits();
  assert.equal(typeof limits.maxSegmentBytes, 'bigint');
  assert.equal(typeof limits.maxTotalPages, 'bigint');
  assert.ok(limits.maxSegments > 0 && limits.segments >= 1 && limits.pages >= 1);
});
