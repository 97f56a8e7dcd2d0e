import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runExample } from './example.js';

test('under a lock, three processes add to every cell without losing an addition', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['locked-counter']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout, /^found: {4}150( 150){9}$/m);
  assert.match(stdout, /^no addition is lost$/m);
});

test('without the lock the damage can be seen', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['locked-counter', '--no-lock']);
  assert.deepEqual([stderr, code], ['', 0]);
  const cells = /^found: {4}([\d ]+)$/m.exec(stdout)?.[1]?.split(' ').map(Number) ?? [];
  assert.equal(cells.length, 10);
  assert.ok(cells.every((cell) => cell >= 1 && cell <= 150) && cells.some((cell) => cell < 150), stdout);
  assert.match(stdout, /^[1-9]\d* additions are lost$/m);
});

test('an unknown option is one sentence and exit code 2', async (t) => {
  const { code, stderr } = await runExample(t, ['locked-counter', '--nolock']);
  assert.deepEqual([code, stderr], [2, 'The only option is --no-lock.\n']);
});
