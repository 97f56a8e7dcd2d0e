import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { copyQueue, readCopies } from '@timeq/ipctools';
import { temporaryFolder } from '../../helpers/folder.js';
import { CopyFile } from '#ipctools/backup/copy-file';
import { CopyText } from '#ipctools/backup/copy-text';
import { Owners } from '#ipctools/model/owners';
import { freshKey } from '../../helpers/keys.js';
import { ipctools } from '../support.js';

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const messages = [
  { type: 1, body: Buffer.from('plain') },
  { type: 2n ** 63n - 1n, body: everyByte },
  { type: 2 ** 53 - 1, body: Buffer.alloc(0) },
  { type: 2n ** 53n, body: Buffer.from('"quoted"\n{"queue":{}}\n') },
  { type: 1, body: Buffer.from('päper 📨 \u0000') },
  { type: 7, body: Buffer.from([0xff, 0xfe, 0xc3]) },
];

function filledQueue(t: TestContext): MessageQueue {
  const queue = MessageQueue.create(freshKey(t), { mode: 0o640 });
  for (const { type, body } of messages) assert.ok(queue.trySend(type, body));
  return queue;
}

/** A backup file of two queues. */
function copyOfTwo(t: TestContext): string {
  const path = `${temporaryFolder(t)}/two.jsonl`;
  const file = new CopyFile(path, new CopyText(new Owners()));
  for (let number = 0; number < 2; number += 1) file.add(copyQueue(filledQueue(t)));
  file.close();
  return path;
}

test('a copy has every type and every byte, in their order, and the queue keeps all', async (t) => {
  const queue = filledQueue(t);
  const before = queue.stat();
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  const { code, stdout } = await ipctools(t, ['dump', queue.id, '-o', path]);
  assert.deepEqual([code, stdout], [0, '']);
  assert.deepEqual(queue.stat(), before);
  const [copy, ...others] = readCopies(path).queues;
  assert.deepEqual(others, []);
  assert.deepEqual(copy?.messages, messages);
  assert.deepEqual(copy?.entry, before);
});

test('dump writes the same to standard output as to a file', async (t) => {
  const queue = filledQueue(t);
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  await ipctools(t, ['dump', queue.id, '-o', path]);
  const { stdout } = await ipctools(t, ['dump', formatKey(queue.key ?? 0)]);
  const lines = (text: string): string[] => text.split('\n').slice(1, -2);
  assert.deepEqual(lines(stdout), lines(readFileSync(path, 'utf8')));
});

test('a file that is cut off, wherever, is refused', (t) => {
  const path = copyOfTwo(t);
  const whole = readFileSync(path);
  assert.equal(readCopies(path).queues.length, 2);
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(path, whole.subarray(0, length));
    assert.throws(() => readCopies(path), /cut off|not a queue backup/, `${length} of ${whole.length} bytes`);
  }
});

test('a file in which one byte is another is refused, whichever', (t) => {
  const path = copyOfTwo(t);
  const whole = readFileSync(path);
  for (let place = 0; place < whole.length; place += 7) {
    const damaged = Buffer.from(whole);
    damaged[place] = (damaged[place] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    assert.throws(() => readCopies(path), /damaged|cut off|not a queue backup|version/, `byte ${place}`);
  }
});

test('data after the end, and other files, are refused', (t) => {
  const path = copyOfTwo(t);
  const whole = readFileSync(path);
  for (const content of [
    Buffer.concat([whole, Buffer.from('{}\n')]),
    Buffer.from('hello\n'),
    Buffer.alloc(0),
  ]) {
    writeFileSync(path, content);
    assert.throws(() => readCopies(path), /cut off|not a queue backup/);
  }
});

test('dump overwrites no file', async (t) => {
  const queue = filledQueue(t);
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  writeFileSync(path, 'mine');
  const { code, stderr } = await ipctools(t, ['dump', queue.id, '-o', path]);
  assert.equal(code, 2);
  assert.match(stderr, /^ipctools: .+ exists already and is not overwritten; [^\n]+\n$/);
  assert.equal(readFileSync(path, 'utf8'), 'mine');
});

test('restore says of a damaged file what is wrong, in one sentence, and does nothing', async (t) => {
  const queue = filledQueue(t);
  const path = `${temporaryFolder(t)}/copy.jsonl`;
  await ipctools(t, ['dump', queue.id, '-o', path]);
  queue.remove();
  writeFileSync(path, readFileSync(path).subarray(0, -20));
  const { code, stdout, stderr } = await ipctools(t, ['restore', path]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^ipctools: .+ is cut off: [^\n]+; nothing done\n$/);
  assert.ok(!MessageQueue.list().some(({ key }) => key === queue.key));
});
