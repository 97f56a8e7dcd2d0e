import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { readCopies } from '@timeq/ipctools';
import { temporaryFolder } from '../../helpers/folder.js';
import { freshKey } from '../../helpers/keys.js';
import { inOwnNamespace, skipWithoutEntering, skipWithoutNamespaces } from '../../helpers/namespace.js';
import { bin, snippetCommand } from '../../helpers/node.js';
import { run, start } from '../../helpers/process.js';
import { skipUnlessPowerless, withoutPower } from '../../helpers/users.js';
import { ipctools, startIpctools } from '../support.js';

const skip = skipWithoutEntering();

/** Has a queue with a message, a segment and a set in its own namespace, and receives for ever from a second queue. */
const contained = `
import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
const key = Number(process.argv[1]);
MessageQueue.create(key, { mode: 0o640 }).trySend(2n ** 60n, 'inside');
SharedMemory.create(key, { bytes: 4096 });
SemaphoreSet.create(key + 1, { count: 2, mode: 0o600 });
const second = MessageQueue.create(key + 1);
console.log('ready');
await second.receive();`;

interface Container {
  readonly pid: number;
  /** The key of the queue that is both inside and, empty, outside. */
  readonly key: number;
}

async function startContainer(t: TestContext): Promise<Container> {
  const key = freshKey(t);
  MessageQueue.create(key);
  const [command, words] = inOwnNamespace(process.execPath, snippetCommand(contained, [key]));
  const container = start(t, command, words, { cwd: import.meta.dirname });
  await container.waitFor('ready');
  return { pid: container.pid, key };
}

interface Listing {
  readonly queues: readonly { key: number; id: number; messages: number; waiting: string | null }[];
  readonly segments: readonly { key: number; bytes: number; residentBytes: number | null }[];
  readonly semaphores: readonly { key: number; count: number }[];
}

test('list --namespace PID shows what is in there, and nothing else', { skip }, async (t) => {
  const { pid, key } = await startContainer(t);
  const { code, stdout, stderr } = await ipctools(t, ['list', 'all', '--namespace', pid, '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const { queues, segments, semaphores } = JSON.parse(stdout) as Listing;
  assert.deepEqual(
    queues.map(({ key: found, messages }) => [found, messages]),
    [
      [key, 1],
      [key + 1, 0],
    ],
  );
  assert.deepEqual(
    segments.map(({ key: found, bytes, residentBytes }) => [found, bytes, residentBytes]),
    [[key, 4096, 0]],
  );
  assert.deepEqual(
    semaphores.map(({ key: found, count }) => [found, count]),
    [[key + 1, 2]],
  );
});

test('it shows the threads that are blocked there', { skip }, async (t) => {
  const { pid, key } = await startContainer(t);
  const watch = startIpctools(t, ['watch', '--namespace', pid, '--interval', '50ms']);
  // The thread that waits is started a moment after the line that says so.
  for (;;) {
    const { queues } = JSON.parse(await watch.nextLine()) as Listing;
    assert.equal(queues.length, 2);
    if (queues.find((queue) => queue.key === key + 1)?.waiting === 'R') break;
  }
  const { stdout } = await ipctools(t, [
    'stale',
    'queues',
    '--older-than',
    '0',
    '--namespace',
    pid,
    '--json',
  ]);
  const { objects } = JSON.parse(stdout) as { objects: { key: number; verdict: string }[] };
  assert.deepEqual(
    objects
      .map(({ key: found, verdict }) => [found, verdict])
      .toSorted((a, b) => Number(a[0]) - Number(b[0])),
    [
      [key, 'idle'],
      [key + 1, 'live'],
    ],
  );
});

test('show and dump take the key in there, not the same key out here', { skip }, async (t) => {
  const { pid, key } = await startContainer(t);
  const shown = await ipctools(t, ['show', formatKey(key), '--namespace', pid, '--json']);
  const { queue } = JSON.parse(shown.stdout) as {
    queue: { messages: number; mode: number; types: unknown[]; lastSender: { pid: number } };
  };
  assert.deepEqual(
    [queue.messages, queue.mode, queue.types, queue.lastSender.pid],
    [1, 0o640, [{ type: String(2n ** 60n), messages: 1, bytes: 6 }], pid],
  );
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  const dumped = await ipctools(t, ['dump', formatKey(key), '--namespace', pid, '-o', path]);
  assert.equal(dumped.code, 0);
  assert.deepEqual(readCopies(path).queues[0]?.messages, [{ type: 2n ** 60n, body: Buffer.from('inside') }]);
  const outside = await ipctools(t, ['dump', formatKey(key)]);
  assert.equal(outside.stdout.split('\n').length, 4);
});

test('list --namespace all groups by namespace, with a process that is in it', { skip }, async (t) => {
  const { pid, key } = await startContainer(t);
  const { stdout } = await ipctools(t, ['list', '--namespace', 'all', '--json']);
  const { namespaces } = JSON.parse(stdout) as {
    namespaces: { namespace: number; pid: number; process: string; list: Listing }[];
  };
  const [own] = namespaces;
  assert.ok(own?.list.queues.some((queue) => queue.key === key && queue.messages === 0));
  const inside = namespaces.find((namespace) => namespace.pid === pid);
  assert.equal(inside?.process, 'node');
  assert.ok(inside.list.queues.some((queue) => queue.key === key && queue.messages === 1));
  const text = await ipctools(t, ['list', '--namespace', 'all']);
  assert.match(text.stdout, new RegExp(`^namespace ${inside.namespace}: process ${pid} node\\nKEY `, 'm'));
});

test('show and dump --namespace all take every namespace that has the key', { skip }, async (t) => {
  const { pid, key } = await startContainer(t);
  const { stdout } = await ipctools(t, ['show', formatKey(key), '--namespace', 'all', '--json']);
  const { namespaces } = JSON.parse(stdout) as {
    namespaces: { pid: number; show: { queue: { messages: number } } }[];
  };
  assert.deepEqual(
    namespaces.map(({ show }) => show.queue.messages),
    [0, 1],
  );
  assert.equal(namespaces[1]?.pid, pid);
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  assert.equal((await ipctools(t, ['dump', formatKey(key), '--namespace', 'all', '-o', path])).code, 0);
  assert.deepEqual(
    readCopies(path).queues.map(({ messages }) => messages.length),
    [0, 1],
  );
});

test('watch --namespace all says of each queue which namespace it is in', { skip }, async (t) => {
  const { key } = await startContainer(t);
  const { stdout } = await ipctools(t, ['watch', formatKey(key), '--namespace', 'all', '--count', '1']);
  const { queues } = JSON.parse(stdout) as { queues: { namespace: number; messages: number }[] };
  assert.deepEqual(
    queues.map(({ messages }) => messages),
    // The fullest one first.
    [1, 0],
  );
  assert.equal(new Set(queues.map(({ namespace }) => namespace)).size, 2);
});

test(
  'without CAP_SYS_ADMIN it is one clear sentence, exit code 5',
  { skip: skipWithoutNamespaces() || skipUnlessPowerless() },
  async (t) => {
    const { pid, key } = await startContainer(t);
    for (const words of [
      ['list'],
      ['show', formatKey(key)],
      ['stale'],
      ['dump', formatKey(key)],
      ['watch', '--count', '1'],
    ]) {
      const command = [bin('ipctools'), ...words, '--namespace', String(pid)];
      const { code, stdout, stderr } = await run(t, 'env', [...withoutPower, process.execPath, ...command]);
      assert.deepEqual([code, stdout], [5, ''], words.join(' '));
      assert.match(stderr, /^ipctools: EPERM: entering another IPC namespace needs CAP_SYS_ADMIN, [^\n]+\n$/);
    }
  },
);

test('a process that is not there, or is no number, is told', async (t) => {
  const missing = await ipctools(t, ['list', '--namespace', '2147483646']);
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
  assert.match(missing.stderr, /^ipctools: ESRCH: no such process, [^\n]+\n$/);
  for (const word of ['0', '-1', 'every', '99999999999']) {
    assert.equal((await ipctools(t, ['list', `--namespace=${word}`])).code, 2, word);
  }
});

test('the own namespace can be named without any capability', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const { code, stdout } = await ipctools(t, [
    'show',
    formatKey(queue.key ?? 0),
    '--namespace',
    process.pid,
    '--json',
  ]);
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { queue: { id: number } }).queue.id, queue.id);
});
