import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root, runNode } from '../helpers/node.js';

const guide = readFileSync(`${root}docs/which-mechanism.md`, 'utf8');

test('the decision tree is drawn and listed as its text says', async (t) => {
  const { code, stderr } = await runNode(t, [`${root}docs/which-mechanism/draw.js`, '--check']);
  assert.deepEqual([stderr, code], ['', 0]);
});

test('the guide names every example', () => {
  const folders = readdirSync(`${root}examples`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['dist', 'parts', 'node_modules'].includes(entry.name))
    .map(({ name }) => name);
  for (const folder of folders) assert.ok(guide.includes(`\`${folder}\``), folder);
});
