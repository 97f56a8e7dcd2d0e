import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, statSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { listObjects, readCopies, saveQueues, type IpcObject } from '@timeq/ipctools';
import { backupFolder } from '#ipctools/backup/folder';
import { Owners } from '#ipctools/model/owners';
import { atEnd } from '../../helpers/cleanup.js';
import { temporaryFolder } from '../../helpers/folder.js';
import { queueWithId } from '../../helpers/kernel-table.js';
import { bin } from '../../helpers/node.js';
import { quoted } from '../../helpers/shell.js';
import { trackQueue } from '../../helpers/tracking.js';
import { skipWithoutOtherUser } from '../../helpers/users.js';
import { ipctools, playScene, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';

type QueueObject = Extract<IpcObject, { kind: 'queue' }>;

function queueOf(t: TestContext, ...bodies: string[]): MessageQueue {
  const queue = trackQueue(t, MessageQueue.createPrivate());
  for (const body of bodies) assert.ok(queue.trySend(1, body));
  return queue;
}

function listed({ id }: MessageQueue): QueueObject {
  const found = listObjects(['queues']).find(({ entry }) => entry.id === id);
  assert.equal(found?.kind, 'queue');
  return found;
}

function save(path: string, ...queues: QueueObject[]): ReturnType<typeof saveQueues> {
  return saveQueues(queues, () => path, new Owners());
}

/** Lets `look` see each fsync before it is done, until the test is over. */
function watchSync(t: TestContext, look: (fd: number) => void): void {
  const { fsyncSync } = fs;
  fs.fsyncSync = (fd) => {
    look(fd);
    fsyncSync(fd);
  };
  syncBuiltinESMExports();
  atEnd(t, () => {
    fs.fsyncSync = fsyncSync;
    syncBuiltinESMExports();
  });
}

test('a copy is on the disk, whole and with its name, before its queue may go', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  const queue = queueOf(t, 'one', 'two');
  const synced: string[] = [];
  watchSync(t, (fd) => {
    const { ino } = fs.fstatSync(fd);
    if (ino === statSync(dirname(path)).ino) synced.push('folder');
    if (ino === statSync(path).ino) synced.push(`file of ${readCopies(path).queues.length} queue`);
  });
  assert.equal(save(path, listed(queue)).path, path);
  assert.deepEqual(synced, ['file of 1 queue', 'folder']);
});

test('on a file system that cannot sync a folder a copy is made all the same', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  watchSync(t, (fd) => {
    if (fs.fstatSync(fd).isDirectory()) throw Object.assign(new Error('EINVAL: fsync'), { code: 'EINVAL' });
  });
  assert.equal(save(path, listed(queueOf(t, 'one'))).saved.length, 1);
  assert.equal(readCopies(path).queues.length, 1);
});

test('a copy that could not be brought to the disk is gone, and none of its queues counts as saved', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  watchSync(t, () => {
    throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync', errno: -5 });
  });
  const { path: kept, saved, unsaved } = save(path, listed(queueOf(t, 'one')), listed(queueOf(t, 'two')));
  assert.deepEqual([kept, saved.length, unsaved.length], [undefined, 0, 2]);
  assert.ok(!existsSync(path));
});

test('a queue whose text is longer than what is written at once is whole in the copy', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  // Six characters of JSON for each byte.
  const bodies = ['\u0000'.repeat(8000), '\u0001'.repeat(8000), 'the end'];
  assert.equal(save(path, listed(queueOf(t, ...bodies)), listed(queueOf(t, 'next'))).saved.length, 2);
  assert.deepEqual(
    readCopies(path).queues.map(({ messages }) => messages.map(({ body }) => body.toString())),
    [bodies, ['next']],
  );
});

test('a copy is whole where the system writes a part of it at a time', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  const { writeSync } = fs;
  fs.writeSync = ((fd: number, bytes: Buffer, at: number, length: number, position: number) =>
    writeSync(fd, bytes, at, Math.min(length, 7), position)) as typeof writeSync;
  syncBuiltinESMExports();
  atEnd(t, () => {
    fs.writeSync = writeSync;
    syncBuiltinESMExports();
  });
  assert.equal(save(path, listed(queueOf(t, 'one', 'two'))).saved.length, 1);
  assert.deepEqual(
    readCopies(path).queues.map(({ messages }) => messages.map(({ body }) => body.toString())),
    [['one', 'two']],
  );
});

test('a copy is for its owner only, and so is the folder that it is in', async (t) => {
  const state = temporaryFolder(t);
  const queue = queueOf(t, 'secret');
  const { code } = await ipctools(t, ['remove', queue.id, '--yes'], { env: { XDG_STATE_HOME: state } });
  assert.equal(code, 0);
  const folder = backupFolder({ XDG_STATE_HOME: state });
  const [name = ''] = fs.readdirSync(folder);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(`${folder}/${name}`).mode & 0o777, 0o600);
});

test('backups go to the home folder where XDG_STATE_HOME is no absolute path', () => {
  const usual = backupFolder({});
  assert.match(usual, /^\/.*\/\.local\/state\/timeq\/backups$/);
  for (const state of ['', 'state', './state']) assert.equal(backupFolder({ XDG_STATE_HOME: state }), usual);
  assert.equal(backupFolder({ XDG_STATE_HOME: '/state' }), '/state/timeq/backups');
});

test('backups go to the registered home folder where HOME is no absolute path', () => {
  const registered = `${userInfo().homedir}/.local/state/timeq/backups`;
  for (const home of ['', 'home', './home']) assert.equal(backupFolder({ HOME: home }), registered);
  assert.equal(backupFolder({ HOME: '/home/of this' }), '/home/of this/.local/state/timeq/backups');
});

/** A user without an entry, as containers have them. */
const UNKNOWN = 54_321;

test(
  'a user without a home folder is told so, and nothing is removed',
  { skip: skipWithoutOtherUser(UNKNOWN) },
  (t) => {
    const as = (...words: string[]) =>
      spawnSync(process.execPath, [bin('ipctools'), ...words], {
        encoding: 'utf8',
        uid: UNKNOWN,
        gid: UNKNOWN,
        env: {},
      });
    const id = Number(as('create', '--private').stdout);
    trackQueue(t, id);
    assert.equal(as('send', String(id), 'kept').status, 0);
    const why =
      'this user has no home folder, where backups would be; set HOME or XDG_STATE_HOME to a folder';
    const removal = as('remove', String(id), '--yes');
    assert.equal(removal.status, 1);
    assert.ok(removal.stderr.includes(`stays: its messages could not be saved: ${why}`), removal.stderr);
    assert.equal(queueWithId(id)?.['qnum'], 1);
    for (const words of [['backups'], ['restore', '--last']]) {
      const { status, stderr } = as(...words);
      assert.equal(status, 1);
      assert.ok(stderr.startsWith(`ipctools: ${why}`), stderr);
    }
  },
);

test('a queue that was used since it was listed is not saved', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  const [used, left] = [queueOf(t, 'one'), queueOf(t, 'two')];
  const objects = [listed(used), listed(left)];
  used.trySend(1, 'newer');
  const { saved, unsaved } = save(path, ...objects);
  assert.deepEqual(
    [saved.map(({ entry }) => entry.id), unsaved.map(({ object }) => object.entry.id)],
    [[left.id], [used.id]],
  );
  assert.match(unsaved[0]?.error.message ?? '', /^it was used since it was listed \(.*messages/);
  assert.deepEqual(
    readCopies(path).queues.map(({ entry }) => entry.id),
    [left.id],
  );
});

test('if no queue could be saved there is no file', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  const queue = queueOf(t, 'one');
  const object = listed(queue);
  queue.remove();
  assert.deepEqual([save(path, object).path, existsSync(path)], [undefined, false]);
});

test('if the file exists no queue counts as saved, and the file stays as it is', (t) => {
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  fs.writeFileSync(path, 'mine');
  const { path: kept, saved, unsaved } = save(path, listed(queueOf(t, 'one')));
  assert.deepEqual([kept, saved.length, unsaved.length], [undefined, 0, 1]);
  assert.equal(fs.readFileSync(path, 'utf8'), 'mine');
});

test(
  'a queue that finds no room on the disk leaves the file whole, and the next one that fits is added',
  { skip: skipWithoutWorlds() },
  async (t) => {
    const disk = temporaryFolder(t);
    mkdirSync(`${disk}/disk`);
    const { stdout, stderr } = await playScene(
      t,
      `${tools}mount -t tmpfs -o size=16k none ${quoted(disk)}/disk || exit 77
snippet '
import { copyQueue, readCopies } from "@timeq/ipctools";
import { CopyFile } from "#ipctools/backup/copy-file";
import { CopyText } from "#ipctools/backup/copy-text";
import { Owners } from "#ipctools/model/owners";
import { MessageQueue } from "@timeq/mq-native";
const path = process.argv[1];
const file = new CopyFile(path, new CopyText(new Owners()));
const add = (...bodies) => {
  const queue = MessageQueue.createPrivate();
  for (const body of bodies) queue.trySend(1, body);
  let outcome = "added";
  try { file.add(copyQueue({ id: queue.id })); } catch (error) { outcome = error.code; }
  const { queues } = readCopies(path);
  console.log(outcome, queues.length, queues.flatMap(({ messages }) => messages.map(({ body }) => body.length)).join());
};
add(Buffer.alloc(3000, "x"), "first");
add(Buffer.alloc(2000, "a"), Buffer.alloc(8000, "b"), Buffer.alloc(6000, "c"));
add("third");
file.close();
console.log(readCopies(path).queues.length);
' ${quoted(disk)}/disk/copy`,
    );
    assert.deepEqual(
      [stdout.split('\n'), stderr],
      [['added 1 3000,5', 'ENOSPC 1 3000,5', 'added 2 3000,5,5', '2', ''], ''],
    );
  },
);
