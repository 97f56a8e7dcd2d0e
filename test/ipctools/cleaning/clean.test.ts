import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import test from 'node:test';
import { readCopies } from '@timeq/ipctools';
import { temporaryFolder } from '../../helpers/folder.js';
import { quoted } from '../../helpers/shell.js';
import { playScene, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';
import { backupsIn, mixed, play } from './scene.js';

const skip = skipWithoutWorlds();

test(
  'clean --yes removes what is stale, says where the copy is, and restore brings it back',
  { skip },
  async (t) => {
    const { code, stdout, backups } = await play(
      t,
      `${mixed} said=$(ipctools clean --older-than 0 --yes); code=$?; echo "$said"; echo "code $code"; left
eval "\${said##*; to restore it: }"; ipctools receive 0x80 --all`,
    );
    assert.equal(code, 0);
    const [backup = '', ...others] = backups;
    assert.deepEqual(others, []);
    const shown = /^[\w/.-]+$/.test(backup) ? backup : quoted(backup);
    const lines = stdout.split('\n');
    const closing = lines.findIndex((line) => line.startsWith('removed'));
    assert.deepEqual(lines.slice(closing, closing + 5), [
      'removed 3; 4102 bytes freed',
      `the backup of 1 queue is in ${backup}; to restore it: ipctools restore ${shown}`,
      'code 0',
      'left: 1 ',
      'restored to queue 2; key 0x00000080: 2 messages, 6 bytes, mode 0600, into a new queue',
    ]);
    assert.deepEqual(lines.slice(closing + 5), ['one', 'two', '']);
  },
);

test('the copy is for its owner only', { skip }, async (t) => {
  const state = temporaryFolder(t);
  await playScene(t, `umask 0; ${tools}${mixed} ipctools clean --older-than 0 --yes`, {
    env: { XDG_STATE_HOME: state },
  });
  const [backup = ''] = backupsIn(state);
  assert.equal(statSync(backup).mode & 0o777, 0o600);
  assert.equal(statSync(`${state}/timeq/backups`).mode & 0o777, 0o700);
});

test('--kind, --owner, --key and --empty-only leave the rest alone', { skip }, async (t) => {
  const queue = 'queue 0';
  const segment = 'segment 0';
  const set = 'semaphore set 0';
  const cases: readonly (readonly [words: string, candidates: readonly string[]])[] = [
    ['', [queue, segment, set]],
    ['--kind segments --kind semaphores', [segment, set]],
    ['--kind segments,semaphores --key 0x80', []],
    [`--owner ${process.getuid?.() ?? 0}`, process.getuid?.() === 0 ? [queue, segment, set] : []],
    ['--empty-only', [set]],
  ];
  const commands = cases.map(
    ([words]) => `ipctools clean --older-than 0 --dry-run --json ${words} | tr -d '\\n'; echo`,
  );
  const { stdout } = await play(t, `${mixed} ${commands.join('\n')}`);
  for (const [index, line] of stdout.trimEnd().split('\n').entries()) {
    const { cleaning } = JSON.parse(line) as { cleaning: { candidates: { kind: string; id: number }[] } };
    const [words, candidates] = cases[index] ?? [];
    assert.deepEqual(
      cleaning.candidates.map(({ kind, id }) => `${kind} ${id}`),
      candidates,
      words,
    );
  }
});

test('--no-backup copies nothing; --backup says where to, and overwrites nothing', { skip }, async (t) => {
  const without = await play(t, `${mixed} ipctools clean --older-than 0 --yes --no-backup; left`);
  assert.match(without.stdout, /removed 3; 4102 bytes freed\nleft: 1 \n$/);
  assert.deepEqual(without.backups, []);
  const file = `${temporaryFolder(t)}/copy.jsonl`;
  const elsewhere = await play(
    t,
    `${mixed} ipctools clean --older-than 0 --yes --backup ${quoted(file)}; left`,
  );
  assert.match(elsewhere.stdout, /left: 1 \n$/);
  assert.deepEqual(elsewhere.backups, []);
  assert.equal(readCopies(file).queues[0]?.messages.length, 2);
  const before = readFileSync(file);
  const again = await play(
    t,
    `${mixed} ipctools clean --older-than 0 --yes --backup ${quoted(file)}; echo "code $?"; left`,
  );
  assert.match(again.stdout, /code 1\nleft: 0 1 \n$/);
  assert.match(again.stderr, /queue 0 \(key 0x00000080\) stays: its messages could not be saved: EEXIST/);
  assert.deepEqual(readFileSync(file), before);
});

test(
  'on a full disk the queues stay, also the semaphores beside them, and the rest goes',
  { skip },
  async (t) => {
    const disk = temporaryFolder(t);
    const { code, stdout, stderr } = await playScene(
      t,
      `${tools}mount -t tmpfs -o size=16k none ${quoted(disk)} || exit 77
serve; killed $server
ipctools create --key 0x90 >/dev/null; head -c 8000 /dev/zero | ipctools send 0x90 -
ipctools create --key 0x91 >/dev/null; head -c 8000 /dev/zero | ipctools send 0x91 -
ipctools create --key 0x92 >/dev/null; ipctools send 0x92 small
ipcmk -M 4096 >/dev/null
ipctools clean --older-than 0 --yes; echo "code $?"
ipctools list all --raw --no-header --columns key; ipctools restore ${quoted(disk)}/timeq/backups/* --dry-run`,
      { env: { XDG_STATE_HOME: disk } },
    );
    assert.notEqual(code, 77, 'no tmpfs can be mounted here');
    // What fits is saved and goes: the empty queue of the dead server, one large queue or none, and the small one.
    assert.match(stdout, /code 1\n/);
    assert.match(stderr, /queue \d+ \(key 0x00000091\) stays: its messages could not be saved: ENOSPC/);
    const left = stdout.slice(stdout.indexOf('code 1\n')).split('\n').slice(1);
    const keys = left.filter((line) => line.startsWith('0x'));
    assert.ok(keys.includes('0x00000091'));
    assert.ok(!keys.includes('0x00000092'), 'a queue that fits is saved behind one that did not');
    // Whatever went can be brought back.
    const copied = left.filter((line) => line.startsWith('key ')).map((line) => line.slice(4, 14));
    for (const key of ['0x00000080', '0x00000090', '0x00000091', '0x00000092']) {
      assert.notEqual(keys.includes(key), copied.includes(key), `${key} is either there or in the copy`);
    }
  },
);

test(
  'without any room for a copy no queue goes, nor the semaphore that proves it stale',
  { skip },
  async (t) => {
    const disk = temporaryFolder(t);
    const { code, stdout, stderr } = await playScene(
      t,
      `${tools}mount -t tmpfs -o size=16k none ${quoted(disk)} || exit 77
serve; killed $server; ipcmk -M 4096 >/dev/null
head -c 20000 /dev/zero >${quoted(disk)}/rest 2>/dev/null
ipctools clean --yes --older-than 0; echo "code $?"; ipctools list all --raw --no-header --columns id`,
      { env: { XDG_STATE_HOME: disk } },
    );
    assert.notEqual(code, 77, 'no tmpfs can be mounted here');
    assert.match(
      stdout,
      /removed 1, kept 1 \(its queue stays\), failed 1 \(1 not saved\); 4096 bytes freed\ncode 1\n0\n0\n$/,
    );
    assert.match(stderr, /queue 0 \(key 0x00000080\) stays: its messages could not be saved: ENOSPC/);
    assert.match(stderr, /semaphore set 0 \(key 0x00000080\) stays: the queue beside it stays/);
  },
);

test(
  'the queue of a server that died a moment ago goes, and so does the semaphore that proved it stale',
  { skip },
  async (t) => {
    const { stdout, stderr } = await play(
      t,
      `serve; killed $server; ipctools clean --yes; echo "code $?"; ipctools list all --raw --no-header --columns id`,
    );
    assert.match(stdout, /\nremoved 2; 0 bytes freed\nthe backup of 1 queue is in [^\n]+\ncode 0\n$/);
    assert.equal(stderr, '');
  },
);

/** A table of 1,000: queues, segments and sets; every fourth queue has a reader, every third segment is attached. */
const thousand = `
import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { writeFileSync } from 'node:fs';
const live = [], stale = [];
const say = (list, kind, { id }) => list.push(kind + ' ' + id);
for (let n = 0; n < 400; n++) {
  const queue = MessageQueue.create(0x1000 + n);
  for (let m = 0; m < n % 3; m++) queue.trySend(m + 1, 'message ' + m);
  if (n % 4 === 0) queue.receive({ type: 99 });
  // Whatever this process has sent to is named with it: only what it has not touched is stale.
  say(n % 4 === 0 || n % 3 > 0 ? live : stale, 'queue', queue);
}
for (let n = 0; n < 300; n++) {
  const set = SemaphoreSet.create(0x2000 + n, { count: 2, mode: 0o600 });
  if (n % 2 === 0) set.tryOperate([{ delta: 1 }]);
  say(n % 2 === 0 ? live : stale, 'semaphore set', set);
}
globalThis.attachments = [];
for (let n = 0; n < 300; n++) {
  const segment = SharedMemory.create(0x3000 + n, { bytes: 100 });
  if (n % 3 === 0) attachments.push(segment.attach());
  // Its creator lives, whether it is attached or not.
  say(live, 'segment', segment);
}
writeFileSync(process.argv[1], JSON.stringify({ live, stale }));
console.log('ready');
setInterval(() => {}, 60_000);`;

const orphans = `
import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { writeFileSync } from 'node:fs';
const stale = [];
for (let n = 0; n < 100; n++) {
  const queue = MessageQueue.create(0x5000 + n);
  for (let m = 0; m < n % 5; m++) queue.trySend(m + 1, 'left behind ' + m);
  stale.push('queue ' + queue.id);
  const segment = SharedMemory.create(0x6000 + n, { bytes: 100 });
  if (n % 2 === 0) segment.attach().detach();
  stale.push('segment ' + segment.id);
  const set = SemaphoreSet.create(0x7000 + n, { count: 1, mode: 0o600 });
  set.setValue(0, 1);
  stale.push('semaphore set ' + set.id);
}
writeFileSync(process.argv[1], JSON.stringify({ stale }));`;

test('clean --yes over 1,300 mixed objects removes exactly the stale ones', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const { code, stdout, stderr, backups } = await play(
    t,
    `background "$LIVING" ${quoted(folder)}/living.json
snippet "$ORPHANS" ${quoted(folder)}/orphans.json
ipctools clean --older-than 0 --yes --json >${quoted(folder)}/cleaning.json; echo "code $?"
ipctools list all --json`,
    { LIVING: thousand, ORPHANS: orphans },
  );
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^code 0\n/);
  const read = (name: string): Record<string, string[]> =>
    JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Record<string, string[]>;
  const [living, dead] = [read('living'), read('orphans')];
  const left = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Record<string, { id: number }[]>;
  const names = { queues: 'queue', segments: 'segment', semaphores: 'semaphore set' };
  const leftNames = Object.entries(names).flatMap(([kind, name]) =>
    (left[kind] ?? []).map(({ id }) => `${name} ${id}`),
  );
  assert.deepEqual(leftNames.toSorted(), living['live']?.toSorted());
  const { cleaning } = JSON.parse(readFileSync(`${folder}/cleaning.json`, 'utf8')) as {
    cleaning: { removed: { kind: string; id: number }[]; kept: unknown[]; failed: unknown[]; backup: string };
  };
  assert.deepEqual(
    cleaning.removed.map(({ kind, id }) => `${kind} ${id}`).toSorted(),
    [...(living['stale'] ?? []), ...(dead['stale'] ?? [])].toSorted(),
  );
  assert.deepEqual([cleaning.kept, cleaning.failed, [cleaning.backup]], [[], [], backups]);
  const messages = readCopies(cleaning.backup).queues.reduce((sum, queue) => sum + queue.messages.length, 0);
  assert.equal(messages, 200);
});
