import assert from 'node:assert/strict';
import test from 'node:test';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { IpcObject } from '@timeq/ipctools';
import { parseSelectionOfObjects, type CleaningOptions } from '#ipctools/cli/object-selection';

const common = { mode: 0o600, gid: 0, creatorUid: 0, creatorGid: 0, changeTime: 1 };

function queue(key: number, uid: number, messages: number): IpcObject {
  const times = { sendTime: 0, receiveTime: 0, lastSendPid: 0, lastReceivePid: 0 };
  // Messages may be empty themselves.
  return {
    kind: 'queue',
    entry: { ...common, ...times, key, uid, id: key, messages, bytes: 0, maxBytes: 9 },
  };
}

const objects: readonly IpcObject[] = [
  queue(0x80, 0, 0),
  queue(0x81, 1000, 1),
  queue(0x180, 1001, 0),
  { kind: 'semaphore set', entry: { ...common, key: 0x80, uid: 1000, id: 1, count: 1, operateTime: 0 } },
  {
    kind: 'segment',
    entry: {
      ...{ ...common, key: 0x99, uid: 0, id: 2, dest: false, locked: false, bytes: 0, attachments: 0 },
      ...{ creatorPid: 1, lastPid: 0, attachTime: 0, detachTime: 0 },
    },
  },
];

function chosen(options: CleaningOptions): string[] {
  return objects
    .filter(parseSelectionOfObjects(options))
    .map(({ kind, entry }) => `${kind} ${entry.key.toString(16)}`);
}

test('--owner chooses what belongs to that user only', () => {
  assert.deepEqual(chosen({ owner: '1000' }), ['queue 81', 'semaphore set 80']);
});

test('an owner who does not exist is wrong usage, and chooses nothing', () => {
  assert.throws(() => chosen({ owner: 'no-such-name' }), UsageError);
});

test('--key chooses one key, or those of a pattern, in which ? is one digit', () => {
  assert.deepEqual(chosen({ key: '0x80' }), ['queue 80', 'semaphore set 80']);
  assert.deepEqual(chosen({ key: '0x0000008?' }), ['queue 80', 'queue 81', 'semaphore set 80']);
  assert.deepEqual(chosen({ key: '0x000000?' }), []);
  assert.deepEqual(chosen({ key: '0x*180' }), ['queue 180']);
  assert.deepEqual(chosen({ key: '0x00000*' }).length, 5);
  assert.deepEqual(chosen({ key: '0x0*8' }), [], 'a key ends where its pattern ends');
});

test('--empty-only leaves messages, empty ones too, and whatever is in a segment', () => {
  assert.deepEqual(chosen({ emptyOnly: true }), ['queue 80', 'queue 180', 'semaphore set 80']);
});

test('all that is asked for has to hold', () => {
  assert.deepEqual(chosen({ owner: '1000', key: '0x80' }), ['semaphore set 80']);
  assert.deepEqual(chosen({ owner: '1000', emptyOnly: true }), ['semaphore set 80']);
  assert.deepEqual(chosen({}).length, 5);
});
