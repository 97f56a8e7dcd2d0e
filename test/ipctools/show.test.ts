import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { newQueue } from './queue.js';
import { ipctools, mask, playScene, skipWithoutWorlds } from './support.js';

const skip = skipWithoutWorlds();

test('show tells everything about one queue', { skip }, async (t) => {
  const scene = `
ipctools create --key 0x80 >/dev/null
ipctools send 0x80 --type 2 one two; ipctools send 0x80 three; ipctools receive 0x80 --type 2 >/dev/null
ipctools receive 0x80 --type 99 & blocked 0 1
ipctools show 0x80; kill %1`;
  const { stdout } = await playScene(t, scene);
  assert.deepEqual(mask(stdout).split('\n'), [
    'queue 0 (key 0x00000080)',
    'owner  root, group root, mode 0600',
    'creator  root, group root',
    'messages  2',
    'bytes  8 of 16384 bytes (0% full)',
    'largest  8192 bytes in one message (msgmax)',
    'sent  TIME (AGO ago) by PID dead',
    'received  TIME (AGO ago) by PID ended',
    'changed  TIME (AGO ago)',
    'waiting  R PID node (thread TID) receives type 99',
    '',
    'Types',
    'TYPE  MESSAGES  BYTES',
    '  1  1  5',
    '  2  1  3',
    '',
    'Messages',
    'TYPE  BYTES  BODY',
    '  2  3  two',
    '  1  5  three',
    '',
  ]);
});

test('show names the command lines of the last processes while they live', async (t) => {
  const { name } = newQueue(t, [5, 'x'], [5, Buffer.from([255])]);
  const { stdout } = await ipctools(t, ['show', name, '--json']);
  const shown = (JSON.parse(stdout) as { queue: Record<string, unknown> }).queue;
  const sender = shown['lastSender'] as Record<string, unknown>;
  assert.deepEqual([sender['pid'], sender['state']], [process.pid, 'alive']);
  assert.match(String(sender['commandLine']), /show\.test\.js/);
  assert.deepEqual(shown['types'], [{ type: 5, messages: 2, bytes: 2 }]);
  assert.deepEqual(shown['firstMessages'], [
    { type: 5, body: 'x' },
    { type: 5, base64: '/w==' },
  ]);
  assert.equal(shown['refusal'], null);
  assert.equal(shown['maxMessageBytes'], MessageQueue.limits().maxMessageBytes);
});

test('show shows the first ten of many messages, and counts all', async (t) => {
  const { queue, name } = newQueue(t);
  for (let number = 0; number < 25; number += 1) queue.trySend(1 + (number % 2), `body ${number}`);
  const { stdout } = await ipctools(t, ['show', name]);
  assert.match(stdout, /First 10 messages\n/);
  assert.match(stdout, / 1 +13 +\d+\n +2 +12 +\d+\n/);
  assert.ok(stdout.includes('body 9') && !stdout.includes('body 10'));
});

test('looking changes nothing: no statistics, no order, no message', async (t) => {
  const { queue, name } = newQueue(t, [3, 'a'], 'b');
  const before = queue.stat();
  await ipctools(t, ['show', name]);
  await ipctools(t, ['peek', name]);
  await ipctools(t, ['list']);
  assert.deepEqual(queue.stat(), before);
});
