import assert from 'node:assert/strict';
import test from 'node:test';
import { formatKey, ftok, MessageQueue } from '@timeq/mq-native';
import { temporaryFolder } from '../helpers/folder.js';
import { queueAt, queueWithId } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { trackQueue } from '../helpers/tracking.js';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { bin } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { skipWithoutOtherUsers } from '../helpers/users.js';
import { newQueue } from './queue.js';
import { ipctools } from './support.js';

test('create prints one word, which every verb takes as the queue', async (t) => {
  const key = freshKey(t);
  const { code, stdout } = await ipctools(t, ['create', '--key', key]);
  assert.deepEqual([code, stdout], [0, `${formatKey(key)}\n`]);
  assert.equal(queueAt(key)?.['perms'], 0o600);
  assert.equal((await ipctools(t, ['send', stdout.trim(), 'x'])).code, 0);
});

test(
  'where no further queue can be made, create names the command that finds unused ones',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    const words = inOwnNamespace(process.execPath, [bin('ipctools'), 'create'], { msgmni: 0 });
    const { code, stderr } = await run(t, ...words);
    assert.equal(code, 1);
    assert.match(stderr, /^ipctools: ENOSPC: .*\(ipctools stale lists them\)[^\n]*\n$/);
  },
);

test('a private queue is printed by its id, since it has no key', async (t) => {
  const { stdout } = await ipctools(t, ['create', '--private', '--mode', '0640']);
  const id = trackQueue(t, Number(stdout));
  assert.deepEqual([queueWithId(id)?.['key'], queueWithId(id)?.['perms']], [0, 0o640]);
});

test('without a key one is drawn at random', async (t) => {
  const { stdout } = await ipctools(t, ['create']);
  const key = Number(stdout.trim());
  trackQueue(t, queueAt(key)?.['msqid'] ?? -1);
  assert.ok(key > 0 && queueAt(key) !== undefined);
});

test('a key is made from a file as ftok does', async (t) => {
  const folder = temporaryFolder(t);
  const { stdout } = await ipctools(t, ['create', '--path', folder, '--project-id', 'R', '--json']);
  const { queue } = JSON.parse(stdout) as { queue: { id: number; key: number } };
  trackQueue(t, queue.id);
  assert.equal(queue.key, ftok(folder, 0x52));
});

test('a limit is set at once; where it is not permitted no queue is left behind', async (t) => {
  const key = freshKey(t);
  assert.equal((await ipctools(t, ['create', '--key', key, '--max-bytes', '4K'])).code, 0);
  assert.equal(MessageQueue.open(key).stat().maxBytes, 4096);
});

test('a key that is taken is exit code 1', async (t) => {
  const key = freshKey(t);
  MessageQueue.create(key);
  const { code, stdout, stderr } = await ipctools(t, ['create', '--key', key]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^ipctools: EEXIST: a queue has that key already[^\n]*\n$/);
});

test('set changes mode and limit, and prints what is different', async (t) => {
  const { queue, name } = newQueue(t);
  const { maxBytes, uid } = queue.stat();
  const { stdout } = await ipctools(t, ['set', name, '--mode', '0664', '--max-bytes', '1K', '--owner', uid]);
  assert.equal(stdout, `mode: 0600 -> 0664\nmax-bytes: ${maxBytes} -> 1024\n`);
  assert.deepEqual([queue.stat().mode, queue.stat().maxBytes], [0o664, 1024]);
  const { stdout: json } = await ipctools(t, ['set', name, '--mode', '0600', '--json']);
  assert.equal((JSON.parse(json) as { queue: { modeOctal: string } }).queue.modeOctal, '0600');
});

test('a limit that the kernel would cut to 32 bits is refused, and leaves the queue as it was', async (t) => {
  const { id } = trackQueue(t, MessageQueue.createPrivate());
  const before = queueWithId(id)?.['qbytes'];
  for (const limit of ['2G', '4G', '1T']) {
    const { code, stdout, stderr } = await ipctools(t, ['set', String(id), '--max-bytes', limit]);
    assert.deepEqual([code, stdout], [2, ''], limit);
    assert.match(stderr, /^ipctools: "maxBytes" must be an integer from 0 to 2147483647; [^\n]*\n$/);
  }
  assert.equal(queueWithId(id)?.['qbytes'], before);
});

test('owner and group are given by name or number', { skip: skipWithoutOtherUsers() }, async (t) => {
  const { queue, name } = newQueue(t);
  const { stdout } = await ipctools(t, ['set', name, '--owner', 'daemon', '--group', '54321']);
  assert.equal(stdout, 'owner: root -> daemon\ngroup: root -> 54321\n');
  assert.deepEqual([queue.stat().uid, queue.stat().gid], [1, 54321]);
});

test('wrong usage is exit code 2 and changes nothing', async (t) => {
  const key = freshKey(t);
  const name = formatKey(key);
  for (const words of [
    ['create', '--key', name, '--private'],
    ['create', '--key', name, '--path', '/'],
    ['create', '--key', '0'],
    ['create', '--key', name, '--mode', '1777'],
    ['create', '--key', name, '--max-bytes', 'much'],
    ['create', '--key', name, '--max-bytes', '4G'],
    ['create', '--project-id', '1'],
    ['create', '--path', '/', '--project-id', '0'],
    ['create', name],
    ['set', name],
    ['set', name, '--mode', '9'],
    ['set', name, '--owner', 'no-such-name'],
    ['set', name, '--group', 'no-such-name'],
  ]) {
    const { code, stderr } = await ipctools(t, words);
    assert.equal(code, 2, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, /^ipctools: [^\n]+\n$/);
  }
  assert.equal(queueAt(key), undefined);
});
