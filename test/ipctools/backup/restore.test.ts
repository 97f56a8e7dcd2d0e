import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { temporaryFolder } from '../../helpers/folder.js';
import { freshKey } from '../../helpers/keys.js';
import { trackQueue } from '../../helpers/tracking.js';
import { quoted } from '../../helpers/shell.js';
import { skipWithoutNamespaces } from '../../helpers/namespace.js';
import { asStranger, ipctools, playScene, skipWithoutStranger, skipWithoutWorlds } from '../support.js';
import { tools } from '../world.js';

const skip = skipWithoutWorlds();

/** A copy of a queue with three messages, at a key where nothing is any more. */
async function copied(t: TestContext): Promise<{ path: string; key: number }> {
  const key = freshKey(t);
  const queue = MessageQueue.create(key, { mode: 0o640 });
  queue.set({ maxBytes: 5000, uid: 54_321, gid: 54_322 });
  for (const [index, word] of ['one', 'two', 'three'].entries()) queue.trySend(2 ** 40 + index, word);
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  assert.equal((await ipctools(t, ['dump', queue.id, '-o', path])).code, 0);
  queue.remove();
  return { path, key };
}

function content(queue: MessageQueue): (readonly [unknown, string])[] {
  return [...queue.peekAll()].map(({ type, body }) => [type, body.toString()] as const);
}

const three = [
  [2 ** 40, 'one'],
  [2 ** 40 + 1, 'two'],
  [2 ** 40 + 2, 'three'],
] as const;

test('restore brings back key, mode, limit, owner and messages', async (t) => {
  const { path, key } = await copied(t);
  const { code, stdout } = await ipctools(t, ['restore', path]);
  const queue = MessageQueue.open(key);
  const { mode, maxBytes, uid, gid } = queue.stat();
  assert.equal(code, 0);
  assert.equal(
    stdout,
    `restored to queue ${queue.id}; key ${formatKey(key)}: 3 messages, 11 bytes, mode 0640, into a new queue\n`,
  );
  assert.deepEqual([mode, maxBytes], [0o640, 5000]);
  assert.deepEqual([uid, gid], [54_321, 54_322]);
  assert.deepEqual(content(queue), three);
});

test('--dry-run says what would be done, and does nothing', async (t) => {
  const { path, key } = await copied(t);
  const { code, stdout } = await ipctools(t, ['restore', path, '--dry-run']);
  assert.deepEqual(
    [code, stdout],
    [0, `key ${formatKey(key)}: 3 messages, 11 bytes, mode 0640, into a new queue\n`],
  );
  assert.throws(() => MessageQueue.open(key), { code: 'ENOENT' });
});

test('--new-key takes another key', async (t) => {
  const { path, key } = await copied(t);
  const other = freshKey(t);
  assert.equal((await ipctools(t, ['restore', path, '--new-key', formatKey(other)])).code, 0);
  assert.deepEqual(content(MessageQueue.open(other)), three);
  assert.throws(() => MessageQueue.open(key), { code: 'ENOENT' });
});

test('--to fills a queue that is there, and leaves its mode and limit alone', async (t) => {
  const { path } = await copied(t);
  const queue = trackQueue(t, MessageQueue.createPrivate({ mode: 0o622 }));
  const { maxBytes } = queue.stat();
  const { code, stdout } = await ipctools(t, ['restore', path, '--to', String(queue.id)]);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`into queue ${queue.id}, which was empty\\n$`));
  assert.deepEqual(content(queue), three);
  assert.deepEqual([queue.stat().mode, queue.stat().maxBytes], [0o622, maxBytes]);
});

test('a private queue comes back as a private queue', async (t) => {
  const queue = trackQueue(t, MessageQueue.createPrivate());
  queue.trySend(1, 'secret');
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  await ipctools(t, ['dump', queue.id, '-o', path]);
  const { stdout } = await ipctools(t, ['restore', path, '--json']);
  const { restoration } = JSON.parse(stdout) as { restoration: { queues: { id: number; key: number }[] } };
  const [restored] = restoration.queues;
  assert.equal(restored?.key, 0);
  assert.deepEqual(content(trackQueue(t, MessageQueue.fromId(restored.id))), [[1, 'secret']]);
});

test('a queue with messages in the way is left alone, and so is everything else', async (t) => {
  const { path, key } = await copied(t);
  const queue = MessageQueue.create(key);
  queue.trySend(9, 'newer');
  const before = queue.stat();
  for (const words of [[path], [path, '--to', String(queue.id)], [path, '--dry-run']]) {
    const { code, stderr } = await ipctools(t, ['restore', ...words]);
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `ipctools: queue ${queue.id} (key ${formatKey(key)}) is there already and holds 1 message\nipctools: nothing done\n`,
    );
  }
  assert.deepEqual(queue.stat(), before);
});

test('an empty queue at the key is filled, and gets mode and limit of the copy', async (t) => {
  const { path, key } = await copied(t);
  const queue = MessageQueue.create(key);
  assert.equal((await ipctools(t, ['restore', path])).code, 0);
  assert.deepEqual(content(queue), three);
  assert.deepEqual([queue.stat().mode, queue.stat().maxBytes], [0o640, 5000]);
});

test(
  'limits that do not allow it are named before anything is done',
  { skip: skip || skipWithoutNamespaces() },
  async (t) => {
    const { stdout } = await playScene(
      t,
      `${tools}ipctools create --key 0x80 >/dev/null; head -c 5000 /dev/zero | ipctools send 0x80 -
ipctools dump 0x80 >copy 2>/dev/null || exit 1
ipctools rm 0x80 --yes --no-backup >/dev/null
attempt() { ipctools restore copy 2>&1 | grep -v 'into a new queue'; ipctools list --raw --no-header --columns key; }
cp copy /tmp; echo 4096 >/proc/sys/kernel/msgmax; attempt
echo 8192 >/proc/sys/kernel/msgmax; echo 0 >/proc/sys/kernel/msgmni; attempt`.replaceAll(
        'copy',
        quoted(`${temporaryFolder(t)}/copy`),
      ),
    );
    assert.deepEqual(stdout.split('\n'), [
      'ipctools: it has a message of 5000 bytes, and kernel.msgmax allows 4096',
      'ipctools: nothing done',
      'ipctools: there are 0 queues, and kernel.msgmni allows no more',
      'ipctools: nothing done',
      '',
    ]);
  },
);

test('the limit on queues counts those that the file itself will need', { skip }, async (t) => {
  const state = temporaryFolder(t);
  const { stdout, stderr } = await playScene(
    t,
    `${tools}for key in 0x80 0x81 0x82; do ipctools create --key $key >/dev/null; done
ipctools rm 0x80 0x81 0x82 --yes >/dev/null; copy=$(echo "$XDG_STATE_HOME"/timeq/backups/*)
ipctools create --key 0x80 >/dev/null
echo 2 >/proc/sys/kernel/msgmni
ipctools restore "$copy" --dry-run >/dev/null; echo "code $?"
ipctools restore "$copy" >/dev/null 2>&1; echo "code $?"; ipctools list --raw --no-header --columns key
echo 3 >/proc/sys/kernel/msgmni
ipctools restore "$copy" --dry-run >/dev/null; echo "code $?"
ipctools restore "$copy" >/dev/null; echo "code $?"; ipctools list --raw --no-header --columns key`,
    { env: { XDG_STATE_HOME: state } },
  );
  // The one that is there already takes no place.
  assert.equal(stdout, 'code 1\ncode 1\n0x00000080\ncode 0\ncode 0\n0x00000080\n0x00000081\n0x00000082\n');
  assert.equal(
    stderr,
    'ipctools: there are 1 queues and 1 of the file before this one, and kernel.msgmni allows no more\nipctools: nothing done\n',
  );
});

/** A user who is not root, in a scene. */
const stranger = `${asStranger} ${quoted(process.execPath)} \
packages/ipctools/bin/ipctools.js`;

test(
  "what takes a capability is told before anything is done; an owner's gift does not",
  { skip: skipWithoutStranger() },
  async (t) => {
    const copy = quoted(`${temporaryFolder(t)}/copy`);
    const { stdout } = await playScene(
      t,
      `${tools}ipctools create --key 0x80 --mode 0622 >/dev/null; ipctools send 0x80 hello
ipctools dump 0x80 >${copy}; chmod 755 "$(dirname ${copy})"
ipctools receive 0x80 >/dev/null; ${stranger} restore ${copy} 2>&1; echo "code $?"
ipctools rm 0x80 --yes --no-backup >/dev/null
echo 8192 >/proc/sys/kernel/msgmnb; ${stranger} restore ${copy} 2>&1; echo "code $?"
ipctools list --raw --no-header --columns key; echo 16384 >/proc/sys/kernel/msgmnb
${stranger} restore ${copy}; ipctools list --raw --no-header --columns owner,creator`,
    );
    const plan = 'key 0x00000080: 1 message, 5 bytes, mode 0622, into';
    assert.deepEqual(stdout.split('\n'), [
      `not restored: ${plan} queue 0, which is empty`,
      "ipctools: queue 0 (key 0x00000080) belongs to another user, so its mode and limit can't be set",
      'ipctools: nothing done',
      'code 1',
      `not restored: ${plan} a new queue`,
      'ipctools: it needs a limit of 16384 bytes; kernel.msgmnb is 8192, and a higher limit needs CAP_SYS_RESOURCE',
      'ipctools: nothing done',
      'code 1',
      `restored to queue 1; ${plan} a new queue`,
      'root\t54321',
      '',
    ]);
  },
);

test('a file of two queues needs a choice for --new-key, and -Q and -q make it', { skip }, async (t) => {
  const state = temporaryFolder(t);
  const { stdout } = await playScene(
    t,
    `${tools}ipctools create --key 0x80 >/dev/null; ipctools send 0x80 first
ipctools create --key 0x81 >/dev/null; ipctools send 0x81 second
ipctools rm 0x80 0x81 --yes >/dev/null; copy=$(echo "$XDG_STATE_HOME"/timeq/backups/*)
ipctools restore "$copy" --new-key 0x90; echo "code $?"
ipctools restore "$copy" -Q 0x99; echo "code $?"
ipctools restore "$copy" -Q 0x81 --new-key 0x90; ipctools receive 0x90
ipctools restore "$copy" -q 0 --new-key 0x91; ipctools receive 0x91
ipctools restore "$copy"; ipctools list --raw --no-header --columns key,messages`,
    { env: { XDG_STATE_HOME: state } },
  );
  assert.deepEqual(stdout.split('\n'), [
    'code 2',
    'code 1',
    'restored to queue 2; key 0x00000090: 1 message, 6 bytes, mode 0600, into a new queue',
    'second',
    'restored to queue 3; key 0x00000091: 1 message, 5 bytes, mode 0600, into a new queue',
    'first',
    'restored to queue 4; key 0x00000080: 1 message, 5 bytes, mode 0600, into a new queue',
    'restored to queue 5; key 0x00000081: 1 message, 6 bytes, mode 0600, into a new queue',
    '0x00000090\t0',
    '0x00000091\t0',
    '0x00000080\t1',
    '0x00000081\t1',
    '',
  ]);
});

test('a file that is not there is told in one sentence', async (t) => {
  const { code, stderr } = await ipctools(t, ['restore', `${temporaryFolder(t)}/none`]);
  assert.equal(code, 1);
  assert.match(stderr, /^ipctools: ENOENT: [^\n]+\n$/);
});

test('two queues are dumped into one file, and -Q chooses two of three', async (t) => {
  const keys = [freshKey(t), freshKey(t), freshKey(t)] as const;
  const queues = keys.map((key, index) => {
    const queue = MessageQueue.create(key);
    queue.trySend(1, `body ${index}`);
    return queue;
  });
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  const [first, second, third] = keys.map(formatKey) as [string, string, string];
  // The second is named twice, and copied once.
  const dumped = await ipctools(t, [
    'dump',
    first,
    second,
    '-Q',
    third,
    '-q',
    queues[1]?.id ?? 0,
    '-o',
    path,
  ]);
  assert.match(dumped.stderr, /^3 messages of queue [^\n]*copied to/);
  const missing = await ipctools(t, ['dump', first, '0x7fffffff', '-o', `${path}.other`]);
  assert.deepEqual([missing.code, existsSync(`${path}.other`)], [1, false]);
  for (const queue of queues) queue.remove();
  const none = await ipctools(t, ['restore', path, '-Q', first, '-Q', '0x7fffffff']);
  assert.deepEqual(
    [none.code, none.stderr],
    [1, 'ipctools: the backup has no queue with key 0x7fffffff; --dry-run lists its queues\n'],
  );
  assert.equal((await ipctools(t, ['restore', path, '-Q', first, '-Q', third])).code, 0);
  const there = keys.map((key) => MessageQueue.list().find((entry) => entry.key === key)?.messages);
  assert.deepEqual(there, [1, undefined, 1]);
});

test('a queue that holds messages is not called empty, and nothing says that it was restored', async (t) => {
  const { path, key } = await copied(t);
  const queue = MessageQueue.create(key);
  queue.trySend(1, 'in the way');
  const { code, stdout, stderr } = await ipctools(t, ['restore', path]);
  assert.equal(code, 1);
  assert.match(
    stdout,
    new RegExp(`^not restored: key .*, into queue ${queue.id}, which holds 1 message\\n$`),
  );
  assert.match(stderr, /is there already and holds 1 message\n/);
});
