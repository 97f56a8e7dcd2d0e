import assert from 'node:assert/strict';
import { test } from 'node:test';
import { root, runNode } from '../helpers/node.js';

test('the way of a message is drawn as its text says, and its files are there', async (t) => {
  const { code, stderr } = await runNode(t, [`${root}docs/architecture/draw.js`, '--check']);
  assert.deepEqual([stderr, code], ['', 0]);
});
