import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { temporaryFolder } from '../../helpers/folder.js';
import type { Exit } from '../../helpers/process.js';
import { trackQueue } from '../../helpers/tracking.js';
import { ipctools } from '../support.js';

interface Shelf {
  readonly state: string;
  readonly folder: string;
  readonly run: (...words: string[]) => Promise<Exit>;
}

function shelf(t: TestContext): Shelf {
  const state = temporaryFolder(t);
  const run = (...words: string[]): Promise<Exit> =>
    ipctools(t, words, { env: { XDG_STATE_HOME: state }, input: '' });
  return { state, folder: `${state}/timeq/backups`, run };
}

/** Removes a queue of two messages, and with that makes a copy that is so many days old. */
async function makeCopy(t: TestContext, { run, folder }: Shelf, days: number): Promise<string> {
  const before = new Set(existing(folder));
  const queue = trackQueue(t, MessageQueue.createPrivate());
  queue.trySend(1, 'one');
  queue.trySend(2, 'two');
  assert.equal((await run('remove', String(queue.id), '--yes')).code, 0);
  const name = existing(folder).find((file) => !before.has(file)) ?? '';
  const moment = Date.now() / 1000 - days * 86_400;
  utimesSync(`${folder}/${name}`, moment, moment);
  return name;
}

function existing(folder: string): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return readdirSync(folder).toSorted();
}

test('without any backup the list is empty', async (t) => {
  const { run, folder } = shelf(t);
  const { code, stdout } = await run('backups');
  assert.deepEqual([code, stdout], [0, `no backups in ${folder}\n`]);
});

test('copies are listed, the newest first, with what is in them', async (t) => {
  const place = shelf(t);
  const [old, recent] = [await makeCopy(t, place, 3), await makeCopy(t, place, 1)];
  const damaged = '20200101T000000Z-clean-1.jsonl';
  writeFileSync(`${place.folder}/${damaged}`, '{"format":"timeq-backup","version":1}\n');
  utimesSync(`${place.folder}/${damaged}`, 1, 1);
  writeFileSync(`${place.folder}/notes.txt`, 'not a backup');
  const { stdout } = await place.run('backups', '--json');
  const { backups } = JSON.parse(stdout) as {
    backups: { path: string; queues: number | null; messages: number | null; fault: string | null }[];
  };
  assert.deepEqual(
    backups.map(({ path, queues, messages }) => [basename(path), queues, messages]),
    [
      [recent, 1, 2],
      [old, 1, 2],
      [damaged, null, null],
    ],
  );
  assert.match(backups[2]?.fault ?? '', /is cut off/);
});

test('--prune deletes those that are old, beyond the newest, and nothing that is not a copy', async (t) => {
  const place = shelf(t);
  const [oldest, older, recent] = [
    await makeCopy(t, place, 30),
    await makeCopy(t, place, 20),
    await makeCopy(t, place, 1),
  ];
  writeFileSync(`${place.folder}/notes.txt`, 'not a backup');
  const all = existing(place.folder);
  const dry = await place.run('backups', '--prune', '--older-than', '10d', '--dry-run');
  assert.match(dry.stdout, /would delete 2 backups, /);
  const refused = await place.run('backups', '--prune', '--older-than', '10d');
  assert.equal(refused.code, 3);
  assert.deepEqual(existing(place.folder), all);
  const kept = await place.run('backups', '--prune', '--older-than', '10d', '--keep', '2', '--yes');
  assert.match(kept.stdout, /deleted 1 backup, /);
  assert.deepEqual(existing(place.folder), [older, recent, 'notes.txt'].toSorted());
  assert.ok(!existing(place.folder).includes(oldest));
  assert.equal((await place.run('backups', '--prune', '--keep', '0', '--yes')).code, 0);
  assert.deepEqual(existing(place.folder), ['notes.txt']);
});

test('with --json --prune says what it has deleted, also if that is nothing', async (t) => {
  const place = shelf(t);
  const name = await makeCopy(t, place, 30);
  const prune = ['backups', '--prune', '--older-than', '10d', '--json'];
  const dry = JSON.parse((await place.run(...prune, '--dry-run')).stdout) as { backups: unknown[] };
  assert.equal(dry.backups.length, 1);
  const first = JSON.parse((await place.run(...prune, '--yes')).stdout) as { deleted: { path: string }[] };
  assert.deepEqual(
    first.deleted.map(({ path }) => basename(path)),
    [name],
  );
  const second = await place.run(...prune, '--yes');
  assert.deepEqual([second.code, JSON.parse(second.stdout)], [0, { deleted: [] }]);
});

test('--prune without saying which is wrong usage', async (t) => {
  const { run } = shelf(t);
  for (const words of [
    ['--prune'],
    ['--keep', '3'],
    ['--older-than', '1d'],
    ['--prune', '--keep', 'x'],
    ['all'],
  ]) {
    assert.equal((await run('backups', ...words)).code, 2, words.join(' '));
  }
});

test('entries that are not regular files are skipped, without blocking on a pipe', async (t) => {
  const place = shelf(t);
  const name = await makeCopy(t, place, 1);
  const named = (number: number): string => `${place.folder}/20200101T000000Z-clean-${number}.jsonl`;
  execFileSync('mkfifo', [named(1)]);
  symlinkSync('/no/such/file', named(2));
  symlinkSync(`${place.folder}/${name}`, named(3));
  mkdirSync(named(4));
  const { code, stdout, stderr } = await place.run('backups', '--json');
  assert.equal(code, 0);
  const { backups } = JSON.parse(stdout) as { backups: { path: string }[] };
  assert.deepEqual(
    backups.map(({ path }) => basename(path)),
    [name],
  );
  for (const number of [1, 2, 3, 4])
    assert.match(stderr, new RegExp(`-clean-${number}\\.jsonl: it is not a regular file that you own`));
  const all = existing(place.folder);
  assert.equal((await place.run('backups', '--prune', '--keep', '0', '--yes')).code, 0);
  assert.deepEqual(
    existing(place.folder),
    all.filter((each) => each !== name),
  );
  for (const path of [named(1), named(4), '/dev/zero']) {
    const restored = await place.run('restore', path);
    assert.deepEqual([restored.code, restored.stdout], [1, '']);
    assert.match(restored.stderr, /^ipctools: .* is not a regular file; nothing done\n$/);
  }
});

test('a file that is too large to be a copy is told in one sentence', async (t) => {
  const place = shelf(t);
  const large = `${place.folder}/20200101T000000Z-clean-1.jsonl`;
  existing(place.folder);
  writeFileSync(large, '');
  truncateSync(large, 3 * 2 ** 30);
  const { code, stdout, stderr } = await place.run('backups');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /3\.0G .*has 3221225472 bytes; a backup has at most 1073741824/);
  const restored = await place.run('restore', large);
  assert.equal(restored.code, 1);
  assert.match(restored.stderr, /^ipctools: .* has 3221225472 bytes; a backup has at most 1073741824\n$/);
});

test('a folder that others can write into, or that is another user’s, is not used', async (t) => {
  const place = shelf(t);
  const name = await makeCopy(t, place, 1);
  const refuses = async (fault: RegExp): Promise<void> => {
    const queue = trackQueue(t, MessageQueue.createPrivate());
    queue.trySend(1, 'one');
    for (const words of [['backups'], ['restore', name], ['backups', '--prune', '--keep', '0', '--yes']]) {
      const { code, stdout, stderr } = await place.run(...words);
      assert.deepEqual([code, stdout], [5, ''], words.join(' '));
      assert.match(stderr, fault);
    }
    const removal = await place.run('remove', String(queue.id), '--yes');
    assert.notEqual(removal.code, 0);
    assert.match(removal.stderr, fault);
    assert.equal(queue.stat().messages, 1);
    assert.deepEqual(existing(place.folder), [name]);
  };
  for (const mode of [0o777, 0o720, 0o702]) {
    chmodSync(place.folder, mode);
    await refuses(/the backup folder .* can be written by other users; .* with chmod go-w/);
  }
  chmodSync(place.folder, 0o700);
  if (process.getuid?.() !== 0) return;
  chownSync(place.folder, 1, 1);
  await refuses(/the backup folder .* belongs to user 1/);
});

test('restore takes the name that backups lists', async (t) => {
  const place = shelf(t);
  const name = await makeCopy(t, place, 1);
  const { code, stdout, stderr } = await place.run('restore', name, '--dry-run');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /2 messages/);
  rmSync(`${place.folder}/${name}`);
  assert.equal(
    (await place.run('restore', name)).stderr,
    `ipctools: there is no backup ${name}; \`ipctools backups\` lists those that exist\n`,
  );
});

test('--last is the newest backup, and says which; without any there is nothing to restore', async (t) => {
  const place = shelf(t);
  const none = await place.run('restore', '--last');
  assert.deepEqual(
    [none.code, none.stderr],
    [1, `ipctools: there is no backup in ${place.folder}; nothing done\n`],
  );
  const [recent, old] = [await makeCopy(t, place, 1), await makeCopy(t, place, 2)];
  const { code, stdout, stderr } = await place.run('restore', '--last', '--dry-run');
  assert.deepEqual([code, stderr], [0, `ipctools: the newest backup is ${place.folder}/${recent}\n`]);
  assert.match(stdout, /2 messages/);
  const both = await place.run('restore', old, '--last');
  assert.equal(both.code, 2);
  assert.match(both.stderr, /give one backup file .*, or --last for the newest/);
});

test('restore completes the backups and the files that are here', async (t) => {
  const place = shelf(t);
  const name = await makeCopy(t, place, 1);
  writeFileSync(`${place.state}/copy.jsonl`, '');
  const complete = async (...words: string[]): Promise<string[]> => {
    const options = { env: { XDG_STATE_HOME: place.state }, cwd: place.state };
    const { stdout } = await ipctools(t, ['__complete', 'restore', ...words], options);
    return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  };
  assert.deepEqual(await complete(''), [name, 'copy.jsonl', 'timeq', '']);
  assert.deepEqual(await complete(name.slice(0, 4)), [name, '']);
  assert.deepEqual(await complete('timeq/'), [':file', '']);
});
