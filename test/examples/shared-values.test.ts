import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runExample } from './example.js';

test('a double and an array of integers are changed by another process', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['shared-values']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.equal(
    stdout,
    'before: number 0, integers 0 1 2 3 4 5 6 7 8 9\n' +
      'after:  number 3.141592653589793, integers 0 -1 -2 -3 -4 -5 -6 -7 -8 -9\n',
  );
});
