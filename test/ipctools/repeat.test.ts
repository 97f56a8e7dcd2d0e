import assert from 'node:assert/strict';
import test from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { progressLine } from '#ipctools/cli/progress';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { newQueue } from './queue.js';
import { ipctools, sceneOnTerminal, skipWithoutTerminals, startIpctools } from './support.js';

function bodies(queue: MessageQueue): string[] {
  return [...queue.peekAll()].map(({ body }) => body.toString());
}

test('--count sends bodies again and again, with their number and the time', async (t) => {
  const { queue, name } = newQueue(t);
  const before = new Date().toISOString();
  const { code, stderr } = await ipctools(t, ['send', name, '--count', '3', '{n}: {n}', '{time}']);
  assert.deepEqual([code, stderr], [0, '']);
  const sent = bodies(queue);
  assert.deepEqual([sent[0], sent[2], sent[4]], ['1: 1', '2: 2', '3: 3']);
  const times = [before, sent[1] ?? '', sent[3] ?? '', sent[5] ?? '', new Date().toISOString()];
  assert.deepEqual(times, times.toSorted());
});

test('without --count a body is what was written', async (t) => {
  const { queue, name } = newQueue(t);
  await ipctools(t, ['send', name, '{n} {time}']);
  assert.deepEqual(bodies(queue), ['{n} {time}']);
});

test('--interval keeps messages apart', async (t) => {
  const { queue, name } = newQueue(t);
  const words = ['send', name, '--count', '3', '--interval', '200ms', '{time}'];
  assert.equal((await ipctools(t, words)).code, 0);
  const [first = 0, second = 0, third = 0] = bodies(queue).map((time) => Date.parse(time));
  // A timer and a clock of milliseconds are at most two of them early.
  assert.ok(second - first >= 198 && third - second >= 198, `${first} ${second} ${third}`);
});

test('Ctrl-C ends it between two messages, and says how many were sent', async (t) => {
  const { queue, name } = newQueue(t);
  const sending = startIpctools(t, ['send', name, '--count', '1000', '--interval', '1h', 'x']);
  await until(() => queue.stat().messages === 1, 'the first message');
  const { code, stderr } = await sending.killed('SIGINT');
  assert.deepEqual([code, stderr], [130, 'ipctools: interrupted; 1 sent\n']);
});

test('a full queue says at which message it ended', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  queue.set({ maxBytes: 2 });
  const { code, stderr } = await ipctools(t, ['send', formatKey(key), '--count', '9', '--no-wait', 'x']);
  assert.equal(code, 4);
  assert.match(stderr, /^ipctools: message 3: queue \d+ \(key \w+\) is full; 2 sent\n$/);
});

test('wrong usage sends nothing', async (t) => {
  const { queue, name } = newQueue(t);
  for (const words of [
    ['--count', '0', 'x'],
    ['--count', '2', '-'],
    ['--count', '2', '--lines'],
    ['--count', '2', '--file', '/dev/null'],
    ['--interval', '1s', 'x'],
    ['--count', '2', '--interval', 'soon', 'x'],
    ['--count', '2'],
  ]) {
    const { code, stderr } = await ipctools(t, ['send', name, ...words]);
    assert.equal(code, 2, words.join(' '));
    assert.match(stderr, /^ipctools: [^\n]+\n$/);
  }
  assert.equal(queue.stat().messages, 0);
});

test('progress is a rate and the time that is left', () => {
  const line = (count: number, time: number, total: number, share = count / total) =>
    progressLine('sent', count, time, { total, share });
  assert.equal(line(50, 10_000, 200), '50 of 200 sent, 5.0/s, 30s left');
  assert.equal(line(3000, 1500, 12_000), '3000 of 12000 sent, 2000/s, 5s left');
  assert.equal(line(40, 2000, Infinity), '40 sent, 20/s');
  assert.equal(line(40, 2000, Infinity, 0.25), '40 sent, 20/s, 6s left');
});

test('a long send shows its progress on a terminal only', { skip: skipWithoutTerminals() }, async (t) => {
  const line = "ipctools send 0x80 --create --count 2000 --interval 20ms '{n}'";
  const screen = sceneOnTerminal(t, line, 80);
  await screen.waitFor(/\d+ of 2000 sent, [\d.]+\/s, \d+\w+ left/);
  screen.write('\u0003');
  await screen.waitFor(/ipctools: interrupted; \d+ sent/);
  const { name } = newQueue(t);
  const words = ['send', name, '--count', '3', '--interval', '600ms', 'x'];
  assert.deepEqual((await ipctools(t, words)).stderr, '');
});

test('so does a pipe, and a receive whose commands are done', { skip: skipWithoutTerminals() }, async (t) => {
  const pipe = sceneOnTerminal(
    t,
    `(while echo x; do sleep 0.02; done) 2>/dev/null | ipctools send 0x80 --create --lines`,
    80,
  );
  await pipe.waitFor(/\d+ sent, [\d.]+\/s/);
  pipe.write('\u0003');
  const jobs = sceneOnTerminal(
    t,
    `seq 500 | ipctools send 0x80 --create --lines
ipctools receive 0x80 --all --exec 'cat; sleep 0.02'`,
    80,
  );
  // Each is a line of its own, which the output of the commands leaves whole.
  await jobs.waitFor(/\n\d+ of 500 received, [\d.]+\/s, \d+\w+ left\r?\n/);
  jobs.write('\u0003');
});
