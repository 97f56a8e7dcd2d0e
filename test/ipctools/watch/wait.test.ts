import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { freshKey } from '../../helpers/keys.js';
import { ipctools, startIpctools } from '../support.js';

test('wait ends when the condition holds', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const waiting = startIpctools(t, ['wait', queue.id, '--until', 'messages>=2']);
  queue.trySend(1, 'one');
  queue.trySend(1, 'two');
  const { code, stdout, stderr } = await waiting.exit();
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
});

test('without a condition it waits for a message', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  queue.trySend(1, 'one');
  const { code, stdout } = await ipctools(t, ['wait', formatKey(queue.key ?? 0), '--json']);
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { queue: { messages: number } }).queue.messages, 1);
});

test('it waits for any column to come to any state', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const waiting = startIpctools(t, ['wait', queue.id, '--until', 'waiting=R']);
  const received = queue.receive();
  assert.equal((await waiting.exit()).code, 0);
  queue.trySend(1, 'go');
  await received;
});

test('a time-out ends it with exit code 4', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const { code, stderr } = await ipctools(t, [
    'wait',
    queue.id,
    '--until',
    'messages>0',
    '--timeout',
    '20ms',
  ]);
  assert.equal(code, 4);
  assert.match(stderr, /^ipctools: queue \d+ \(key 0x[0-9a-f]+\) did not meet messages>0 within 20ms\n$/);
});

test('the end of the queue ends it with exit code 1, Ctrl-C with 130', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const atRemoval = startIpctools(t, ['wait', queue.id, '--timeout', '1h']);
  const atSignal = startIpctools(t, ['wait', queue.id, '--timeout', '1h']);
  // Both look at the queue from now on, and have their handlers.
  await Promise.all([atRemoval, atSignal].map(({ pid }) => untilCatchesSignals(pid)));
  assert.equal((await atSignal.killed('SIGINT')).code, 130);
  queue.remove();
  const { code, stderr } = await atRemoval.exit();
  assert.equal(code, 1);
  assert.match(stderr, /was removed\n$/);
});

test('a condition that is none is wrong usage', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  for (const condition of ['messages', 'colour=red', 'messages>many']) {
    assert.equal((await ipctools(t, ['wait', queue.id, '--until', condition])).code, 2, condition);
  }
});

/** Waits until a process catches SIGHUP, which Node itself doesn't: by then it is set up. */
async function untilCatchesSignals(pid: number): Promise<void> {
  await until(() => {
    const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return caught !== undefined && (BigInt(`0x${caught}`) & 1n) === 1n;
  }, 'a handler for SIGHUP');
}
