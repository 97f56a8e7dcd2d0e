import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runNode } from '../helpers/node.js';

const document = fileURLToPath(new URL('../../../bench/dist/document.js', import.meta.url));

test('the tables and charts of the pages are those of the recorded run', async (t) => {
  const { code, stderr } = await runNode(t, [document, '--check']);
  assert.deepEqual([stderr, code], ['', 0]);
});
