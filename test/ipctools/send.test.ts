import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { temporaryFolder } from '../helpers/folder.js';
import { queueAt, queueWithId } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { trackQueue } from '../helpers/tracking.js';
import { newQueue } from './queue.js';
import { ipctools, startIpctools, untilBlocked } from './support.js';

/** A queue that has room for one message of ten bytes, and has it. */
function fullQueue(t: TestContext): ReturnType<typeof newQueue> {
  const made = newQueue(t);
  made.queue.set({ maxBytes: 10 });
  made.queue.trySend(1, '1234567890');
  return made;
}

const taken = (queue: MessageQueue) => queue.receiveBatch().map(({ type, body }) => [type, body.toString()]);

test('each body becomes a message of its own', async (t) => {
  const { queue, name } = newQueue(t);
  const exit = await ipctools(t, ['send', name, 'one', 'two words', '']);
  assert.deepEqual(exit, { code: 0, signal: null, stdout: '', stderr: '' });
  assert.deepEqual(taken(queue), [
    [1, 'one'],
    [1, 'two words'],
    [1, ''],
  ]);
});

test('the queue is named by -Q, -q or the first word', async (t) => {
  const { queue, name } = newQueue(t);
  await ipctools(t, ['send', '-Q', String(queue.key), '5']);
  await ipctools(t, ['send', '-q', queue.id, name]);
  await ipctools(t, ['send', queue.id, 'three']);
  assert.deepEqual(taken(queue), [
    [1, '5'],
    [1, name],
    [1, 'three'],
  ]);
});

test('a type beyond 2^53 is sent exactly', async (t) => {
  const { queue, name } = newQueue(t);
  await ipctools(t, ['send', name, '--type', '9223372036854775807', 'x']);
  assert.deepEqual(taken(queue), [[2n ** 63n - 1n, 'x']]);
});

test('a body is read from standard input, from a file, by lines, and from hexadecimal digits', async (t) => {
  const { queue, name } = newQueue(t);
  const folder = temporaryFolder(t);
  const file = join(folder, 'body');
  writeFileSync(file, 'a\nb\n\nc');
  await ipctools(t, ['send', name, '-'], { input: 'all\nof it\n' });
  await ipctools(t, ['send', name, '--file', file]);
  await ipctools(t, ['send', name, '--file', file, '--lines']);
  await ipctools(t, ['send', name, '--lines'], { input: 'd\ne\n' });
  await ipctools(t, ['send', name, '--hex', '41 42', '']);
  const bodies = taken(queue).map(([, body]) => body);
  assert.deepEqual(bodies, ['all\nof it\n', 'a\nb\n\nc', 'a', 'b', '', 'c', 'd', 'e', 'AB', '']);
});

test('bytes that are not text arrive as they are', async (t) => {
  const { queue, name } = newQueue(t);
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  await ipctools(t, ['send', name, '-'], { input: bytes });
  assert.deepEqual(queue.tryReceive()?.body, bytes);
});

test('--create makes the queue, with the mode that is given', async (t) => {
  const key = freshKey(t);
  const { code } = await ipctools(t, ['send', formatKey(key), '--create', '--mode', '0640', 'x']);
  assert.equal(code, 0);
  assert.equal(queueAt(key)?.['perms'], 0o640);
  assert.equal(queueAt(key)?.['qnum'], 1);
});

test('a full queue: --no-wait and --timeout end with exit code 4', async (t) => {
  const { name, queue } = fullQueue(t);
  for (const patience of [['--no-wait'], ['--timeout', '10ms']]) {
    const { code, stderr } = await ipctools(t, ['send', name, ...patience, 'x']);
    assert.deepEqual([code, stderr], [4, `ipctools: queue ${queue.id} (key ${name}) is full\n`]);
  }
  assert.equal(queue.stat().messages, 1);
});

test('a full queue: send waits until there is room', async (t) => {
  const { name, queue } = fullQueue(t);
  const sending = startIpctools(t, ['send', name, 'later']);
  await untilBlocked(t, queue.id, 'S');
  assert.equal(queue.tryReceive()?.body.toString(), '1234567890');
  assert.equal((await sending.exit()).code, 0);
  assert.deepEqual(taken(queue), [[1, 'later']]);
});

test('Ctrl-C while it waits ends it with exit code 130, and says how far it came', async (t) => {
  const { name, queue } = newQueue(t);
  queue.set({ maxBytes: 10 });
  const sending = startIpctools(t, ['send', name, '1234567890', 'x']);
  await untilBlocked(t, queue.id, 'S');
  const { code, stderr } = await sending.killed('SIGINT');
  assert.deepEqual([code, stderr], [130, 'ipctools: message 2: interrupted; 1 sent\n']);
});

test('input from a pipe that could not be sent is written to standard output', async (t) => {
  const { name, queue } = newQueue(t);
  const input = '{"type":1,"body":"a"}\n{"type":0,"body":"b"}\n{"type":1,"body":"c"}\n';
  const { code, stdout, stderr } = await ipctools(t, ['send', name, '--json'], { input });
  assert.deepEqual([code, stdout], [1, '{"type":0,"body":"b"}\n{"type":1,"body":"c"}\n']);
  assert.match(
    stderr,
    /^ipctools: the input that was not sent .*\nipctools: line 2: "type" must be .*; 1 sent\n$/,
  );
  assert.equal(queue.stat().messages, 1);
});

test('a body above msgmax is refused with the limit', async (t) => {
  const { name } = newQueue(t);
  const { maxMessageBytes } = MessageQueue.limits();
  const input = Buffer.alloc(maxMessageBytes + 1);
  const { code, stderr } = await ipctools(t, ['send', name, '-'], { input });
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(`^ipctools: EINVAL: the body has ${maxMessageBytes + 1} bytes, .*msgmax.*\\n$`),
  );
});

test('wrong usage is one sentence, exit code 2, and nothing is sent', async (t) => {
  const { name, queue } = newQueue(t);
  for (const words of [
    ['send'],
    ['send', 'nonsense', 'x'],
    ['send', name],
    ['send', name, '--type', '0', 'x'],
    ['send', name, '--hex', '41', '4'],
    ['send', name, '--lines', 'x'],
    ['send', name, '--json', '--type', '1'],
    ['send', name, '--file', 'a', 'x'],
    ['send', name, '--no-wait', '--timeout', '1s', 'x'],
    ['send', name, '--timeout', '5', 'x'],
    ['send', name, '--mode', '0600', 'x'],
    ['send', queue.id, '--create', 'x'],
    ['send', name, '--bogus', 'x'],
    ['send', '-Q', '0', 'x'],
    ['send', '-Q', name, '-q', queue.id, 'x'],
  ]) {
    const { code, stdout, stderr } = await ipctools(t, words);
    assert.equal(code, 2, `${words.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /^ipctools: [^\n]+\n$/);
  }
  assert.equal(queue.stat().messages, 0);
});

test('a pipe is read only if that is asked for, and the answer says how', async (t) => {
  const { queue, name } = newQueue(t);
  const { code, stderr } = await ipctools(t, ['send', name], { input: 'hello' });
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^ipctools: no body; [^\n]*: - as one message, --lines as one for each line; see [^\n]+\n$/,
  );
  assert.equal(queue.stat().messages, 0);
  assert.equal((await ipctools(t, ['send', name, '-'], { input: 'hello' })).code, 0);
  assert.equal(queue.stat().messages, 1);
});

test('a queue that is not there is exit code 1', async (t) => {
  const name = formatKey(freshKey(t));
  const { code, stderr } = await ipctools(t, ['send', name, 'x']);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    `ipctools: no queue has key ${name} in this IPC namespace (a container has its own); \`ipctools list\` shows those that exist\n`,
  );
});

test('send says that a body is too large for the queue, and not that the queue is full', async (t) => {
  const { queue, name } = newQueue(t);
  queue.set({ maxBytes: 100 });
  for (const options of [['--no-wait'], ['--timeout', '1s'], []]) {
    const { code, stderr } = await ipctools(t, ['send', name, 'x'.repeat(101), ...options]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /the body has 101 bytes and this queue holds at most 100/);
  }
  assert.equal(queue.stat().messages, 0);
});

test('an endless input is not read to its end, and nothing is sent', async (t) => {
  const { id } = trackQueue(t, MessageQueue.createPrivate());
  for (const words of [
    ['--file', '/dev/zero'],
    ['--hex', '--file', '/dev/zero'],
  ]) {
    const { code, stdout, stderr } = await ipctools(t, ['send', String(id), ...words]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^ipctools: \/dev\/zero has more than \d+ bytes, too many for a body; [^\n]*\n$/);
  }
  assert.equal(queueWithId(id)?.['qnum'], 0);
});
