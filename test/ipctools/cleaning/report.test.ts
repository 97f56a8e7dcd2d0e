import assert from 'node:assert/strict';
import test from 'node:test';
import type { Cleaning, IpcObject } from '@timeq/ipctools';
import { backupFrom } from '#ipctools/cleaning/clean';
import { cleaningJson, closingLines, stayLines } from '#ipctools/render/cleaning';

const common = {
  ...{ key: 0x80, id: 5, mode: 0o600, uid: 0, gid: 0, creatorUid: 0, creatorGid: 0, changeTime: 1 },
};
const queue: IpcObject = {
  kind: 'queue',
  entry: {
    ...{ ...common, bytes: 7, messages: 1, maxBytes: 99 },
    ...{ sendTime: 0, receiveTime: 0, lastSendPid: 0, lastReceivePid: 0 },
  },
};
const segment = (attachments: number): IpcObject => ({
  kind: 'segment',
  entry: {
    ...{ ...common, dest: false, locked: false, bytes: 100, attachments },
    ...{ creatorPid: 1, lastPid: 0, attachTime: 0, detachTime: 0 },
  },
});
const nothing: Cleaning = {
  ...{ removed: [], kept: [], failed: [], unsaved: 0, backup: undefined, longestWindow: 0 },
};
const kept = { object: queue, cause: 'used since', why: 'it was used since it was listed' } as const;
const failed = { object: queue, why: 'it could not', error: new Error('it could not') };

test('the closing line counts what was removed, kept, left and failed, and names each cause once', () => {
  assert.deepEqual(closingLines({ ...nothing, removed: [queue] }), ['removed 1; 7 bytes freed']);
  assert.deepEqual(
    closingLines(
      {
        ...{ ...nothing, removed: [queue], failed: [failed, failed], unsaved: 1 },
        kept: [kept, kept, { ...kept, cause: 'gone' }],
      },
      { missing: 3, unknown: 4 },
    ),
    ['removed 1, kept 3 (used since, gone), left 4 unknown, failed 5 (1 not saved); 7 bytes freed'],
  );
});

test('a segment that is attached frees nothing yet', () => {
  assert.deepEqual(closingLines({ ...nothing, removed: [segment(0), segment(1)] }), [
    'removed 2; 100 bytes freed',
  ]);
});

test('the copy is said to hold the queues, and the command that brings them back is one word for its path', () => {
  const backup = "/tmp/it's \u001b[2J";
  const [, line] = closingLines({ ...nothing, removed: [queue, segment(0)], backup });
  assert.equal(
    line,
    "the backup of 1 queue is in /tmp/it's \\x1b[2J; to restore it: ipctools restore $'/tmp/it\\x27s \\x1b[2J'",
  );
  const json = cleaningJson({ ...nothing, backup }, () => ({}));
  assert.deepEqual([json['backup'], json['restoreCommand']], [backup, line.split(': ').at(-1)]);
  assert.equal(cleaningJson(nothing, () => ({}))['restoreCommand'], null);
});

test('each object that stays is reported with the reason, whether it changed or could not be removed', () => {
  assert.deepEqual(stayLines({ ...nothing, kept: [kept], failed: [failed] }), [
    'ipctools: queue 5 (key 0x00000080) stays: it was used since it was listed',
    'ipctools: queue 5 (key 0x00000080) stays: it could not',
  ]);
});

test('--no-backup is the only way to have no copy', () => {
  assert.equal(backupFrom(false, 'clean'), 'none');
  for (const option of [undefined, true, '/tmp/copy']) assert.notEqual(backupFrom(option, 'clean'), 'none');
  const named = backupFrom('/tmp/copy', 'remove');
  assert.equal(named === 'none' ? '' : named.choosePath(), '/tmp/copy');
});
