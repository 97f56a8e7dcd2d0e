import assert from 'node:assert/strict';
import fs, { readFileSync, statSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import test, { type TestContext } from 'node:test';
import { keepMessages, type LimitedQueue } from '#ipctools/posix/put-back';
import { atEnd } from '../../helpers/cleanup.js';
import { temporaryFolder } from '../../helpers/folder.js';

const queue: LimitedQueue = {
  object: {
    ...{ kind: 'posix queue', name: '/full', path: Buffer.from('/dev/mqueue/full'), device: 1n, inode: 2n },
    ...{ uid: 0, gid: 0, mode: 0o600, links: 1, size: 0, allocated: 0 },
    ...{ modifyTime: 0, useTime: 0, accessTimes: 'exact' },
  },
  limits: { maxMessages: 10, maxMessageBytes: 100 },
};
const messages = [{ priority: 2, body: Buffer.from('has no room') }];
const why = new Error('the disk is full');

/** The files that were synced, until the test is over. */
function synced(t: TestContext): Set<number> {
  const inodes = new Set<number>();
  const { fsyncSync } = fs;
  fs.fsyncSync = (fd) => {
    inodes.add(fs.fstatSync(fd).ino);
    fsyncSync(fd);
  };
  syncBuiltinESMExports();
  atEnd(t, () => {
    fs.fsyncSync = fsyncSync;
    syncBuiltinESMExports();
  });
  return inodes;
}

test('messages without room are on the disk before the user is told where', (t) => {
  const folder = temporaryFolder(t);
  const inodes = synced(t);
  const { message } = keepMessages(queue, messages, why, `${folder}/copy.jsonl`);
  assert.match(message, /^the disk is full; 1 message of it found no room .* are in .*copy-rest-1\.jsonl;/);
  assert.match(readFileSync(`${folder}/copy-rest-1.jsonl`, 'utf8'), /"body":"has no room"/);
  for (const path of [folder, `${folder}/copy-rest-1.jsonl`]) assert.ok(inodes.has(statSync(path).ino), path);
});

test('they never take the place of the file of an earlier cleaning', (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(`${folder}/copy-rest-1`, 'from before');
  const { message } = keepMessages(queue, messages, why, `${folder}/copy`);
  assert.match(message, /copy-rest-2; when it has room/);
  assert.equal(readFileSync(`${folder}/copy-rest-1`, 'utf8'), 'from before');
});
