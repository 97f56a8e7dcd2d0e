import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root, runNode } from '../helpers/node.js';

test('the reports in docs/api match what the packages export', async (t) => {
  const { code, stderr } = await runNode(t, [`${root}scripts/api-report.js`, '--check']);
  assert.deepEqual([stderr, code], ['', 0]);
});
