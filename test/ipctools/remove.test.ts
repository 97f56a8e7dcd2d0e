import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freshKey } from '../helpers/keys.js';
import { queueAt } from '../helpers/kernel-table.js';
import { quoted } from '../helpers/shell.js';
import { skipUnlessPowerless, skipWithoutOtherUser } from '../helpers/users.js';
import {
  ipctools,
  mask,
  playScene,
  powerless,
  sceneOnTerminal,
  skipWithoutTerminals,
  skipWithoutWorlds,
} from './support.js';
import { tools } from './world.js';

const skip = skipWithoutWorlds();
const skipOnTerminal = skipWithoutTerminals();

/** A queue, a segment and a semaphore set, and a word for what is left of them. */
const three = `
left() { echo "left: $(ipctools list all --raw --no-header --columns id | tr -d '\\n')"; }
ipctools create --key 0x80 >/dev/null; ipctools send 0x80 hello
ipcmk -M 5000 >/dev/null; ipcmk -S 3 >/dev/null
`;

test('remove shows what goes, and counts it in a closing line', { skip }, async (t) => {
  const { code, stdout, stderr } = await playScene(
    t,
    `${three} ipctools rm 0x80 -m 0 -s 0 --yes --no-backup; left`,
  );
  assert.deepEqual([code, stderr], [0, '']);
  assert.deepEqual(
    mask(stdout)
      .replaceAll(/0x[0-9a-f]{8}/g, 'KEY')
      .split('\n'),
    [
      'KIND  KEY  ID  OWNER  CONTENT',
      'queue  KEY  0  root  1 message, 5 bytes',
      'segment  KEY  0  root  5000 bytes',
      'semaphore set  KEY  0  root  3 semaphores',
      'removed 3; 5005 bytes freed',
      'left: ',
      '',
    ],
  );
});

test('objects are named by keys and by ids, and each is removed once', { skip }, async (t) => {
  const scene = `${three} ipctools create --key 0x81 >/dev/null; ipctools create --key 0x82 >/dev/null
ipctools rm 0 -Q 128 -q 0 -Q 0x81 -q 2 --yes --no-backup --json`;
  const { removal } = JSON.parse((await playScene(t, scene)).stdout) as {
    removal: { removed: { kind: string; id: number }[]; failed: unknown[]; bytesFreed: number };
  };
  assert.deepEqual(
    removal.removed.map(({ kind, id }) => [kind, id]),
    [
      ['queue', 0],
      ['queue', 2],
      ['queue', 1],
    ],
  );
  assert.deepEqual([removal.failed, removal.bytesFreed], [[], 5]);
});

test('without a terminal and without --yes nothing is removed, exit code 3', { skip }, async (t) => {
  const { stdout, stderr } = await playScene(t, `${three} ipctools rm 0x80; echo "code $?"; left`);
  assert.match(stdout, /code 3\nleft: 000\n$/);
  assert.match(stderr, /^ipctools: cannot ask without a terminal; nothing done [^\n]*\n$/);
});

test('--dry-run removes nothing', { skip }, async (t) => {
  const { stdout } = await playScene(t, `${three} ipctools rm 0x80 -m 0 --dry-run; echo "code $?"; left`);
  assert.match(stdout, /would remove 2 \(5005 bytes\); nothing done\ncode 0\nleft: 000\n$/);
});

test('everything is parsed before anything is removed', { skip }, async (t) => {
  const wrong = ['0x', '-q 0x80', '-Q 0x100000080', '-q 4294967296', '-Q 0', '--bogus', '-m'];
  const commands = wrong.map((words) => `ipctools rm 0x80 --yes ${words}; echo "code $?"`);
  const { stdout } = await playScene(t, `${three} ${commands.join('\n')}\nleft`);
  assert.equal(stdout, `${'code 2\n'.repeat(wrong.length)}left: 000\n`);
});

test(
  'a missing object is reported, does not stop the rest, and makes the exit code 1',
  { skip },
  async (t) => {
    const scene = `${three} ipctools rm 0x99 0x80 -s 55 --yes --no-backup; echo "code $?"; left`;
    const { stdout, stderr } = await playScene(t, scene);
    assert.match(stdout, /removed 1, failed 2; 5 bytes freed\ncode 1\nleft: 00\n$/);
    assert.equal(
      stderr,
      'ipctools: there is no queue with key 0x00000099 in this IPC namespace\n' +
        'ipctools: there is no semaphore set with id 55 in this IPC namespace\n',
    );
  },
);

test(
  'what only others may remove stays, exit code 5; what one may remove goes, exit code 1',
  { skip: skipUnlessPowerless() || skipWithoutOtherUser(54_322) },
  async (t) => {
    const [ours, theirs] = [freshKey(t), freshKey(t)];
    MessageQueue.create(ours);
    MessageQueue.create(theirs).set({ uid: 54321 });
    // The creator may remove as well as the owner: another user has to try.
    const alone = await powerless(t, ['rm', formatKey(theirs), '--yes', '--no-backup'], 54322);
    assert.equal(alone.code, 5);
    assert.match(alone.stderr, /^ipctools: queue \d+ \(key 0x[0-9a-f]+\) stays: EPERM: [^\n]*\n$/);
    MessageQueue.open(ours).set({ uid: 54322 });
    const both = await powerless(
      t,
      ['rm', formatKey(theirs), formatKey(ours), '--yes', '--no-backup'],
      54322,
    );
    assert.equal(both.code, 1);
    assert.match(both.stdout, /removed 1, failed 1; 0 bytes freed\n$/);
    assert.equal(queueAt(ours), undefined);
    assert.notEqual(queueAt(theirs), undefined);
  },
);

test('on a terminal it asks, and only y or yes is a yes', { skip: skipOnTerminal }, async (t) => {
  for (const [typed, code, left] of [
    ['y\n', 0, '00'],
    ['YES\n', 0, '00'],
    ['\n', 3, '000'],
    ['n\n', 3, '000'],
    ['yeah\n', 3, '000'],
    ['\u0004', 3, '000'],
    ['\u0003', 130, '000'],
  ] as const) {
    const terminal = sceneOnTerminal(t, `${three} ipctools rm 0x80 --no-backup; echo "code $?"; left`, 80);
    await terminal.waitFor('Remove 1 object? [y/N] ');
    terminal.write(typed);
    const { stdout } = await terminal.exit();
    assert.match(stdout, new RegExp(`code ${code}\\r?\\nleft: ${left}\\r?\\n`), JSON.stringify(typed));
  }
});

test('an object that is used while it asks stays', { skip: skipOnTerminal }, async (t) => {
  const signal = `${temporaryFolder(t)}/signal`;
  const raise = `import { SemaphoreSet } from '@timeq/mq-native'; SemaphoreSet.fromId(0).tryOperate([{ delta: 1 }])`;
  const terminal = sceneOnTerminal(
    t,
    `${tools}${three} (until [ -e ${quoted(signal)} ]; do sleep 0.02; done; snippet "${raise}"; echo >${quoted(signal)}.done) &
ipctools rm -m 0 -s 0; echo "code $?"; left`,
    80,
  );
  await terminal.waitFor('Remove 2 objects? [y/N] ');
  writeFileSync(signal, '');
  await until(() => existsSync(`${signal}.done`), 'the operation');
  terminal.write('y\n');
  const { stdout } = await terminal.exit();
  assert.match(stdout, /semaphore set 0 .* stays: it was used since it was listed \(operateTime\)/);
  assert.match(stdout, /removed 1, kept 1 \(used since\); 5000 bytes freed\r?\ncode 1\r?\nleft: 00\r?\n/);
});

test('remove without a name is wrong usage', async (t) => {
  const { code, stderr } = await ipctools(t, ['remove']);
  assert.equal(code, 2);
  assert.match(stderr, /^ipctools: remove what\? [^\n]+\n$/);
});
