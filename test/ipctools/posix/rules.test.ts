import assert from 'node:assert/strict';
import test from 'node:test';
import { judgePosix, type PosixEvidence } from '#ipctools/posix/rules';
import type { PosixObject } from '#ipctools/model/posix/objects';

const HOUR = 3600;
const DAY = 24 * HOUR;

const object: PosixObject = {
  kind: 'posix memory',
  name: '/table',
  path: Buffer.from('/dev/shm/table'),
  device: 1n,
  inode: 2n,
  uid: 0,
  gid: 0,
  mode: 0o600,
  links: 1,
  size: 10,
  allocated: 4096,
  modifyTime: 0,
  useTime: 0,
  accessTimes: 'exact',
};
const unused: PosixEvidence = {
  object,
  users: [],
  complete: true,
  notifies: false,
  messages: undefined,
  idleSeconds: 2 * DAY,
};
const queue: PosixObject = { ...object, kind: 'posix queue' };

function verdict(evidence: Partial<PosixEvidence>, assumeUnseenIdle = false): string {
  const { verdict: found, rule } = judgePosix(
    { ...unused, ...evidence },
    { olderThanSeconds: HOUR, assumeUnseenIdle },
  );
  return `${rule} ${found}`;
}

test('only an object that no process can have open, and that was surely not used, is stale', () => {
  assert.equal(verdict({}), '7 stale');
  assert.equal(verdict({ object: queue, messages: 0 }), '7 stale');
  assert.equal(verdict({ idleSeconds: HOUR }), '7 stale');
  assert.equal(verdict({ idleSeconds: HOUR - 1 }), '5 idle');
});

test('what has it open makes it live, also where others can not be seen', () => {
  const users = [{ pid: 4711, name: 'node' }];
  assert.equal(verdict({ users }), '1 live');
  assert.equal(verdict({ users, complete: false }, true), '1 live');
  assert.equal(verdict({ object: queue, messages: 0, notifies: true, complete: false }), '1 live');
});

test('in doubt it is unknown, and stays', () => {
  assert.equal(verdict({ complete: false }), '2 unknown');
  assert.equal(verdict({ complete: false }, true), '7 stale');
  assert.equal(verdict({ object: { ...object, links: 2 } }), '3 unknown');
  assert.equal(verdict({ object: { ...object, accessTimes: 'never' } }), '4 unknown');
});

test('with relatime a use may be a day old before the kernel notes the next', () => {
  const daily: PosixObject = { ...object, accessTimes: 'daily' };
  assert.equal(verdict({ object: daily, idleSeconds: DAY + HOUR - 1 }), '5 idle');
  assert.equal(verdict({ object: daily, idleSeconds: DAY + HOUR }), '7 stale');
});

test('a queue with messages, or with what can not be known, is never stale', () => {
  assert.equal(verdict({ object: queue, messages: 1 }), '6 unknown');
  assert.equal(verdict({ object: queue, messages: undefined }), '6 unknown');
});
