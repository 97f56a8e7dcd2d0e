import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../helpers/deadline.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import { openQueue, ownServer } from './server.js';

test('with --log-format json each line is an object with time, level, event and message', async (t) => {
  const key = freshKey(t);
  const server = startNode(t, [
    bin('time-server'),
    '--key',
    String(key),
    '--log-format',
    'json',
    '--mode',
    '0640',
  ]);
  await server.waitFor('"listening"');
  await server.waitFor('"mode"', 'stderr');
  openQueue(t, key).remove();
  await server.waitFor('"recreated"', 'stderr');
  const { code, stdout, stderr } = await server.killed('SIGTERM');
  assert.equal(code, 0);
  const lines = [...parse(stdout), ...parse(stderr)];
  for (const line of lines) {
    assert.equal(line['pid'], server.pid);
    assert.equal(new Date(String(line['time'])).toISOString(), line['time']);
    assert.equal(typeof line['message'], 'string');
  }
  const events = lines.map(({ level, event }) => `${String(level)} ${String(event)}`);
  const ordinary = ['info listening', 'info stopping', 'info stopped'];
  assert.deepEqual(events, [...ordinary, 'warning mode', 'warning recreated']);
  assert.equal(lines[0]?.['key'], key);
});

test('an error is an object as well', async (t) => {
  const { key } = await ownServer(t);
  const { code, stderr } = await runNode(t, [
    bin('time-server'),
    '--key',
    String(key),
    '--log-format',
    'json',
  ]);
  assert.equal(code, 3);
  const [line] = parse(stderr);
  assert.equal(line?.['level'], 'error');
  assert.equal(line['code'], 'HELD');
});

for (const format of ['text', 'json']) {
  test(`text of strangers does not act on the terminal that shows the log as ${format}`, async (t) => {
    const key = freshKey(t);
    // An unknown zone is reported.
    const env = { TZ: 'ev\u001b[2J\u009b\u202eil' };
    const words = [bin('time-server'), '--key', String(key), '--log-format', format];
    const server = startNode(t, words, { env });
    await server.waitFor(/listening/);
    const { stdout, stderr } = await server.killed('SIGTERM');
    assert.match(stderr, /ev\\(x1b|u001b)\[2J\\(x9b|u009b)\\u202eil/);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch((stdout + stderr).replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
}

test('with --quiet nothing is printed as long as nothing is wrong', async (t) => {
  const key = freshKey(t);
  const server = startNode(t, [bin('time-server'), '--key', String(key), '--quiet']);
  await until(() => queueAt(key), 'a queue');
  const { code, stdout, stderr } = await server.killed('SIGTERM');
  assert.equal(code, 0);
  assert.equal(stdout + stderr, '');
});

function parse(lines: string): Record<string, unknown>[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
