import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, runNode } from '../helpers/node.js';

const guide = readFileSync(`${root}docs/which-mechanism.md`, 'utf8');

test('the decision tree is drawn and listed as its text says', async (t) => {
  const { code, stderr } = await runNode(t, [`${root}docs/which-mechanism/draw.js`, '--check']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('the guide names every example, and what it links to is there', () => {
  const folders = readdirSync(`${root}examples`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['dist', 'parts', 'node_modules'].includes(entry.name))
    .map(({ name }) => name);
  for (const folder of folders) assert.ok(guide.includes(`\`${folder}\``), folder);
  const links = [...guide.matchAll(/\]\(([^):]+)\)/g)].map(([, path = '']) => path);
  assert.ok(links.length > 0);
  for (const link of links) assert.ok(existsSync(join(root, 'docs', link)), link);
});
