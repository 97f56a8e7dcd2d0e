import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { copyQueue, readCopies } from '@timeq/ipctools';
import { temporaryFolder } from '../../helpers/folder.js';
import { CopyFile } from '#ipctools/backup/copy-file';
import { CopyText } from '#ipctools/backup/copy-text';
import { Owners } from '#ipctools/model/owners';
import { trackQueue } from '../../helpers/tracking.js';
import { ipctools } from '../support.js';

/** A crafted file whose checksum is right. */
function craft(t: TestContext, ...lines: unknown[]): string {
  return craftWithEnd(t, { queues: 1, messages: 0 }, ...lines);
}

function craftWithEnd(t: TestContext, end: object, ...lines: unknown[]): string {
  const path = `${temporaryFolder(t)}/crafted.jsonl`;
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = createHash('sha256').update(body).digest('hex');
  writeFileSync(path, `${body}${JSON.stringify({ ...end, sha256 })}\n`);
  return path;
}

const header = { format: 'timeq-backup', version: 1, created: '2026-01-01T00:00:00Z' };

/** The line of an empty queue, as ipctools writes it. */
function queueLine(t: TestContext): Record<string, unknown> {
  const path = `${temporaryFolder(t)}/queue.jsonl`;
  const file = new CopyFile(path, new CopyText(new Owners()));
  const queue = trackQueue(t, MessageQueue.createPrivate());
  file.add(copyQueue(queue));
  file.close();
  const [, line = ''] = readFileSync(path, 'utf8').split('\n');
  return (JSON.parse(line) as { queue: Record<string, unknown> }).queue;
}

test('a file must have as many queues and messages as it says', (t) => {
  const queue = queueLine(t);
  const message = { type: 1, body: 'one' };
  const one = { queue: { ...queue, messages: 1 } };
  const read = (end: object, ...lines: unknown[]): number =>
    readCopies(craftWithEnd(t, end, header, ...lines)).queues.length;
  assert.equal(read({ queues: 1, messages: 1 }, one, message), 1);
  assert.equal(read({ queues: 0, messages: 0 }), 0);
  const fits = /its last line doesn't fit its content/;
  assert.throws(() => read({ queues: 2, messages: 1 }, one, message), fits);
  assert.throws(() => read({ queues: 1, messages: 2 }, one, message), fits);
  assert.throws(() => read({ queues: 1, messages: 0 }, one), /says it has 1 messages, and 0 follow/);
  assert.throws(() => read({ queues: 1, messages: 2 }, one, message, message), /1 messages, and 2 follow/);
  assert.throws(() => read({ queues: 0, messages: 1 }, message), /a message comes before any queue/);
});

test('numbers that no queue can have are refused', (t) => {
  const queue = queueLine(t);
  for (const [name, value] of [
    ['mode', 0o1000],
    ['mode', -1],
    ['ownerUid', 2 ** 32],
    ['key', 0.5],
    ['messages', '0'],
  ] as const) {
    const path = craft(t, header, { queue: { ...queue, [name]: value } });
    assert.throws(() => readCopies(path), new RegExp(`"${name}" of a queue must be a whole number`), name);
  }
});

test('a file that is whole and has something else for a queue is refused in one sentence', async (t) => {
  for (const queue of [null, 5, 'a queue', [], {}, { key: 1 }]) {
    const { code, stdout, stderr } = await ipctools(t, ['restore', craft(t, header, { queue })]);
    assert.deepEqual([code, stdout], [1, ''], stderr);
    assert.match(stderr, /^ipctools: .+: "\w+" [^\n]+; nothing done\n$/);
  }
});

test('the content of a file can’t control a terminal', async (t) => {
  const path = craft(t, { format: 'timeq-backup', version: '\u001b[2J\n' });
  const { code, stderr } = await ipctools(t, ['restore', path]);
  assert.equal(code, 1);
  assert.match(stderr, /^ipctools: .+ has version \\x1b\[2J\\n of the format, [^\n]+\n$/);
});

test('a file of a later version is refused with both versions named', (t) => {
  const path = craftWithEnd(t, { queues: 0, messages: 0 }, { ...header, version: 2 });
  assert.throws(() => readCopies(path), /version 2 of the format, and this ipctools reads version 1/);
});

test('a file whose checksum is of something else is refused', (t) => {
  const path = craftWithEnd(t, { queues: 0, messages: 0 }, header);
  writeFileSync(path, readFileSync(path, 'utf8').replace('2026', '2027'));
  assert.throws(() => readCopies(path), /is damaged: its checksum doesn't fit its content/);
});
