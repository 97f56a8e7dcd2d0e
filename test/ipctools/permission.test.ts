import assert from 'node:assert/strict';
import test from 'node:test';
import { formatKey, MessageQueue, SemaphoreSet } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { skipUnlessPowerless, skipWithoutOtherUser } from '../helpers/users.js';
import { powerless } from './support.js';

const skip = skipUnlessPowerless();
const skipWithoutStranger = skip || skipWithoutOtherUser(54_321);

for (const [verb, words] of [
  ['peek', []],
  ['receive', ['--no-wait']],
  ['send', ['x']],
] as const) {
  test(`${verb} in a queue that gives no permission is exit code 5 and one sentence`, { skip }, async (t) => {
    const key = freshKey(t);
    const queue = MessageQueue.create(key, { mode: 0o600 });
    queue.trySend(1, 'secret');
    queue.set({ mode: 0 });
    const { code, stdout, stderr } = await powerless(t, [verb, formatKey(key), ...words]);
    assert.equal(code, 5);
    assert.ok(!stdout.includes('secret'));
    assert.match(stderr, /^ipctools: EACCES: no permission to (read|write to) the queue[^\n]*\n$/);
  });
}

test(
  'show and list print what all may know of an unreadable queue, and ? for the rest, never 0',
  { skip },
  async (t) => {
    const key = freshKey(t);
    const queue = MessageQueue.create(key);
    queue.trySend(1, 'secret');
    queue.set({ mode: 0 });
    const shown = await powerless(t, ['show', formatKey(key)]);
    assert.equal(shown.code, 0);
    assert.match(shown.stdout, /\nmessages +1\nbytes +6 of (16384|\d+|\?) bytes/);
    assert.match(shown.stdout, /\nmessages: \? \(EACCES: no permission to read the queue/);
    assert.ok(!shown.stdout.includes('secret'));
    const { queue: json } = JSON.parse((await powerless(t, ['show', formatKey(key), '--json'])).stdout) as {
      queue: Record<string, unknown>;
    };
    assert.deepEqual([json['messages'], json['types'], json['firstMessages']], [1, null, null]);
    assert.match(String(json['refusal']), /^EACCES/);
    const listed = await powerless(t, [
      'list',
      '--filter',
      `key=${formatKey(key)}`,
      '--no-header',
      '--columns',
      'messages,bytes',
    ]);
    assert.equal(listed.stdout, '1  6\n');
  },
);

test('show has no opinion of a set that may not be read', { skip }, async (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key);
  set.set({ mode: 0 });
  const { code, stdout } = await powerless(t, ['show', '-S', formatKey(key)]);
  assert.equal(code, 0);
  assert.match(stdout, /\nreads as +\?\n/);
  assert.match(stdout, /\nsemaphores: \? \(EACCES: /);
});

test("changing a stranger's queue is exit code 5", { skip: skipWithoutStranger }, async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key, { mode: 0o666 });
  const { code, stderr } = await powerless(t, ['set', formatKey(key), '--mode', '0600'], 54321);
  assert.equal(code, 5);
  assert.match(stderr, /^ipctools: EPERM: only the owner[^\n]*\n$/);
  assert.equal(queue.stat().mode, 0o666);
});

test('waiting is ? if not every process can be inspected', { skip: skipWithoutStranger }, async (t) => {
  const key = freshKey(t);
  MessageQueue.create(key, { mode: 0o666 });
  const words = ['list', '--filter', `key=${formatKey(key)}`, '--no-header', '--columns', 'waiting'];
  assert.equal((await powerless(t, words, 54321)).stdout, '?\n');
  const overview = await powerless(t, [], 54321);
  assert.match(overview.stderr, /^\? some processes can't be inspected: blocked senders may be missing\n/m);
  const json = await powerless(t, [...words, '--json'], 54321);
  assert.deepEqual(JSON.parse(json.stdout), {
    queues: [{ waiting: null, blockedSenders: null, blockedReceivers: null }],
  });
});
