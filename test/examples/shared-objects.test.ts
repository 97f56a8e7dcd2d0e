import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ftok } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { temporaryFolder } from '../helpers/folder.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { removeAllAt } from '../helpers/tracking.js';
import { runExample, startExample } from './example.js';

test('three processes change the same map and list without losing a change', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['shared-objects']);
  assert.deepEqual([stderr, code], ['', 0]);
  for (const line of [
    'visits of Anna: 100',
    'visits of Ben: 100',
    'visits of Cleo: 100',
    'visits of all: 300',
    'guests: 3',
  ]) {
    assert.ok(stdout.includes(`${line}\n`), stdout);
  }
});

test('visitors in other terminals find the manager, which keeps the objects until it is ended', async (t) => {
  const path = temporaryFolder(t);
  const keys = [ftok(path, 1), ftok(path, 2)] as const;
  atEnd(t, () => {
    keys.forEach(removeAllAt);
  });
  const manager = startExample(t, ['shared-objects', 'manager', path]);
  await manager.waitFor('holds the objects');
  const first = await runExample(t, ['shared-objects', 'visitor', 'Dora', path]);
  assert.match(first.stdout, /^Dora .* of 100 visits so far, 100 are mine\n$/);
  const second = await runExample(t, ['shared-objects', 'visitor', 'Emil', path]);
  assert.match(second.stdout, /^Emil .* of 200 visits so far, 100 are mine\n$/);

  const again = await runExample(t, ['shared-objects', 'manager', path]);
  assert.equal(again.code, 1);
  assert.equal(again.stderr, `${path} has a server already: process ${manager.pid}.\n`);

  assert.equal((await manager.killed('SIGINT')).code, 0);
  assert.deepEqual(
    [queueAt(keys[0]), queueAt(keys[1]), semaphoresAt(keys[0])],
    [undefined, undefined, undefined],
  );
});

test('a visitor without a manager, or without a name, is told so', async (t) => {
  const path = temporaryFolder(t);
  const alone = await runExample(t, ['shared-objects', 'visitor', 'Fritz', path]);
  assert.deepEqual([alone.code, alone.stderr], [1, `No server is at ${path}: start it first.\n`]);
  const nameless = await runExample(t, ['shared-objects', 'visitor']);
  assert.deepEqual([nameless.code, nameless.stderr], [2, 'Who visits? Give a name, such as Anna.\n']);
});
