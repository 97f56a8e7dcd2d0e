import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root, runNode } from '../helpers/node.js';

test('what the packages export is what the reports in docs/api say', async (t) => {
  const { code, stderr } = await runNode(t, [`${root}scripts/api-report.js`, '--check']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
});
