import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { formatKey, MessageQueue, type Message } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { bin } from '../helpers/node.js';
import { start, type RunningProcess } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';
import { untilBlocked } from './support.js';

const bodies = [
  Buffer.alloc(0),
  Buffer.from('text'),
  Buffer.from('\ufeff"\\\n\r\u2028\u0000ä😀'),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.alloc(Math.min(8000, MessageQueue.limits().maxMessageBytes), 0xff),
];
const types = [1, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, 5];

function twoQueues(t: TestContext): [from: MessageQueue, to: MessageQueue] {
  const keys = [freshKey(t), freshKey(t)] as const;
  return [MessageQueue.create(keys[0]), MessageQueue.create(keys[1])];
}

/** `ipctools receive FROM ... --format json | ipctools send TO --json` in a process group of its own. */
function copying(t: TestContext, from: MessageQueue, to: MessageQueue, how: string): RunningProcess {
  const tool = `${quoted(process.execPath)} ${quoted(bin('ipctools'))}`;
  const script = `
set -m
(${tool} receive ${formatKey(from.key ?? 0)} ${how} --format json | ${tool} send ${formatKey(to.key ?? 0)} --json; echo "codes \${PIPESTATUS[*]}") &
echo "group $!"
wait`;
  return start(t, 'bash', ['--norc', '-c', script]);
}

test('receive piped into send copies types and bytes exactly, in their order', async (t) => {
  const [from, to] = twoQueues(t);
  const sent: Message[] = bodies.map((body, index) => ({ type: types[index] ?? 1, body }));
  for (const { type, body } of sent) from.sendSync(type, body);
  const { stdout } = await copying(t, from, to, '--all').exit();
  assert.match(stdout, /codes 0 0/);
  assert.deepEqual(to.receiveBatch(), sent);
  assert.equal(from.stat().messages, 0);
});

test('Ctrl-C in a copy that follows loses nothing: what was taken has been sent', async (t) => {
  const [from, to] = twoQueues(t);
  const pipe = copying(t, from, to, '--follow');
  const [, group] = await pipe.waitFor(/group (\d+)/);
  for (let number = 0; number < 500; number += 1) from.sendSync(1, String(number));
  await until(() => to.stat().messages > 100, 'a part of the copy');
  process.kill(-Number(group), 'SIGINT');
  assert.match((await pipe.exit()).stdout, /codes 0 0/);
  const numbers = [...to.receiveBatch({ max: 1000 }), ...from.receiveBatch({ max: 1000 })].map(({ body }) =>
    Number(body),
  );
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 500 }, (_, number) => number),
  );
});

test('Ctrl-C in a copy into a full queue loses nothing: what has no room is handed back', async (t) => {
  const [from, to] = twoQueues(t);
  to.set({ maxBytes: 100 });
  const pipe = copying(t, from, to, '--follow');
  const [, group] = await pipe.waitFor(/group (\d+)/);
  for (let number = 0; number < 500; number += 1) from.sendSync(1, String(number));
  await untilBlocked(t, to.id, 'S');
  process.kill(-Number(group), 'SIGINT');
  const { stdout } = await pipe.exit();
  assert.match(stdout, /codes 0 130/);
  const handedBack = [...stdout.matchAll(/"body":"(\d+)"/g)].map(([, number]) => Number(number));
  const kept = [...to.receiveBatch({ max: 1000 }), ...from.receiveBatch({ max: 1000 })].map(({ body }) =>
    Number(body),
  );
  assert.ok(handedBack.length > 0);
  assert.deepEqual(
    [...handedBack, ...kept].toSorted((a, b) => a - b),
    Array.from({ length: 500 }, (_, number) => number),
  );
});

test('a copy whose other queue is removed hands back what it has, and the rest stays', async (t) => {
  const [from, to] = twoQueues(t);
  to.set({ maxBytes: 4 });
  for (let number = 1000; number < 1100; number += 1) from.sendSync(1, String(number));
  const pipe = copying(t, from, to, '--follow');
  await untilBlocked(t, to.id, 'S');
  to.remove();
  // The receiver notices with its next message that its reader is gone.
  await until(() => from.trySend(1, '9999') && pipe.stdout.includes('codes'), 'the end of the copy');
  assert.match(pipe.stdout, /codes 1 1/);
  const handedBack = [...pipe.stdout.matchAll(/"body":"(1\d+)"/g)].map(([, number]) => Number(number));
  const kept = from.receiveBatch({ max: 10_000 }).map(({ body }) => Number(body));
  assert.deepEqual(
    [...handedBack, ...kept.filter((number) => number !== 9999)].toSorted((a, b) => a - b),
    Array.from({ length: 99 }, (_, number) => number + 1001),
    'all but the first, which was in the queue that was removed',
  );
});

test('a copy waits while the other queue is full', async (t) => {
  const [from, to] = twoQueues(t);
  to.set({ maxBytes: 20 });
  for (let number = 10; number < 60; number += 1) from.sendSync(1, String(number));
  const pipe = copying(t, from, to, '--all');
  const copied: number[] = [];
  while (copied.length < 50) copied.push(Number((await to.receive()).body));
  assert.match((await pipe.exit()).stdout, /codes 0 0/);
  assert.deepEqual(
    copied,
    Array.from({ length: 50 }, (_, number) => number + 10),
  );
  to.close();
});
