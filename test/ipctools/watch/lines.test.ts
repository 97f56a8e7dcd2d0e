import assert from 'node:assert/strict';
import test from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { freshKey } from '../../helpers/keys.js';
import { ipctools, startIpctools } from '../support.js';

interface Line {
  readonly time: string;
  readonly timeEpoch: number;
  readonly seconds: number | null;
  readonly queues: readonly {
    readonly id: number;
    readonly messages: number;
    readonly inPerSecond: number | null;
    readonly inExact: boolean | null;
  }[];
}

test('off a terminal each sample is a line of JSON', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const watch = startIpctools(t, ['watch', formatKey(queue.key ?? 0), '--interval', '50ms']);
  const next = async (): Promise<Line> => JSON.parse(await watch.nextLine()) as Line;
  const first = await next();
  assert.deepEqual(
    first.queues.map(({ id, messages, inPerSecond, inExact }) => [id, messages, inPerSecond, inExact]),
    [[queue.id, 0, null, null]],
  );
  assert.equal(first.seconds, null);
  assert.equal(Date.parse(first.time), first.timeEpoch * 1000);
  queue.trySend(1, 'a');
  queue.trySend(1, 'b');
  let line = await next();
  while (line.queues[0]?.messages !== 2) line = await next();
  assert.ok(line.seconds !== null && line.seconds > 0);
  // Both in one interval or in two: what went in is known either way, because the queue was never received from.
  assert.equal(line.queues[0].inExact, true);
  const { code, stderr } = await watch.killed('SIGINT');
  assert.deepEqual([code, stderr], [0, '']);
});

test('--count ends it after so many samples', async (t) => {
  const { code, stdout } = await ipctools(t, ['top', '--count', '3', '--interval', '50ms', '--json']);
  assert.equal(code, 0);
  assert.equal(stdout.trimEnd().split('\n').length, 3);
});

test('SIGTERM ends it with exit code 143, and a reader that goes away with 0', async (t) => {
  const killed = startIpctools(t, ['watch', '--interval', '50ms']);
  await killed.nextLine();
  assert.equal((await killed.killed('SIGTERM')).code, 143);
  const unread = startIpctools(t, ['watch', '--interval', '50ms']);
  await unread.nextLine();
  unread.closeOutput();
  const { code, stderr } = await unread.exit();
  assert.deepEqual([code, stderr], [0, '']);
});

test('a queue that is removed while it is watched is simply not there any more', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const watch = startIpctools(t, ['watch', String(queue.id), '--interval', '50ms']);
  await watch.nextLine();
  queue.remove();
  await watch.waitFor('"queues":[]');
});

test('a queue that is not there, and wrong words, are told at once', async (t) => {
  const missing = await ipctools(t, ['watch', formatKey(freshKey(t))]);
  assert.equal(missing.code, 1);
  for (const words of [
    ['--interval', '1ms'],
    ['--interval', '25d'],
    ['--interval', 'soon'],
    ['--count', '0'],
    ['queue'],
  ]) {
    const { code, stderr } = await ipctools(t, ['watch', ...words]);
    assert.deepEqual([code, stderr.split('\n').length], [2, 2], words.join(' '));
  }
});
