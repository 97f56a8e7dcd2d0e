import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../helpers/node.js';
import { runExample } from './example.js';

test('without a name, every example is listed with a line that says what it shows and by which mechanism', async (t) => {
  const { code, stdout } = await runExample(t, []);
  assert.equal(code, 0);
  const folders = readdirSync(`${root}examples`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['dist', 'parts', 'node_modules'].includes(entry.name))
    .map(({ name }) => name);
  assert.ok(folders.length >= 14, String(folders));
  for (const folder of folders) {
    assert.match(stdout, new RegExp(`^${folder}( \\w+)? {2,}\\S.{20,} \\[.+\\]$`, 'm'));
  }
  assert.doesNotMatch(stdout, /undefined/);
});

test('an example that does not exist is one sentence and exit code 2', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['fibonaci']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.equal(stderr, 'There is no example "fibonaci". "npm run example" lists them.\n');
});

test('an example of several programs says what they are when none of them is named', async (t) => {
  for (const words of [['echo'], ['echo', 'serve']]) {
    const { code, stderr } = await runExample(t, words);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^Start one part of the example "echo" in each terminal.*\necho client .*\necho server /,
    );
  }
});
