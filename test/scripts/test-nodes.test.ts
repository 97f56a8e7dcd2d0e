import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runNode } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import { write } from './checkout.js';

/** What stands for the faults: one that holds, and one that does not. */
const faults = `
import test from 'node:test';
for (const name of ['holds', 'breaks']) {
  if (process.argv.length > 2 && !process.argv.includes(name)) continue;
  test(name, () => { if (name === 'breaks') throw new Error('no'); });
}`;

/** A checkout with the real script, an addon that is only looked at, and one test. */
function checkout(t: TestContext, addedTest = "test('it runs', () => {});"): string {
  const folder = temporaryFolder(t);
  const copied = [
    'scripts/test.js',
    'scripts/test-deadline.js',
    'scripts/test-nodes.js',
    'scripts/test-nodes',
    'packages/mq-native/scripts',
  ];
  for (const path of copied) cpSync(join(root, path), join(folder, path), { recursive: true });
  write(folder, 'package.json', '{ "type": "module" }');
  write(folder, 'packages/mq-native/build/mq_native.node', 'an addon');
  write(folder, 'test/one/a.test.ts', '');
  write(folder, 'test/dist/one/a.test.js', `import { test } from 'node:test';\n${addedTest}`);
  write(folder, 'test/dist/faults/main.js', faults);
  return folder;
}

async function testNodes(t: TestContext, folder: string, ...words: string[]): Promise<Exit> {
  return runNode(t, [join(folder, 'scripts/test-nodes.js'), ...words], { env: { NO_COLOR: '1' } });
}

const version = process.versions.node;

/** The table, with the time taken out. */
function tableIn({ stdout }: Exit): string[] {
  const lines = stdout.trimEnd().split('\n');
  const heading = lines.findIndex((line) => line.startsWith('Node.js '));
  return lines.slice(heading).map((line) => line.replace(/ +\d+:\d\d$/, ' TIME').replaceAll(/ {2,}/g, '  '));
}

test('tests run on each version that is named, with one table at the end', async (t) => {
  const folder = checkout(t);
  const exit = await testNodes(t, folder, '--node', process.execPath, '--node', process.execPath, 'one');
  const [heading, ...rows] = tableIn(exit);
  assert.equal(heading, 'Node.js  tests  minutes');
  assert.deepEqual(rows.slice(0, -1), [`${version}  1 of 1 TIME`, `${version}  1 of 1 TIME`]);
  assert.match(rows.at(-1) ?? '', /^addon [0-9a-f]{16}, the same for all$/);
  assert.equal(exit.code, 0);
});

test('without words all tests and all faults run, and what failed is named', async (t) => {
  const exit = await testNodes(t, checkout(t), '--node', process.execPath);
  const [heading, row, ...rest] = tableIn(exit);
  assert.equal(heading, 'Node.js  tests  faults  minutes');
  assert.equal(row, `${version}  1 of 1  FAILED (1 of 2; exit code 1) TIME`);
  assert.match(rest[0] ?? '', new RegExp(`^failed on ${version}: test/dist/faults/main\\.js: breaks$`));
  assert.equal(exit.code, 1);
});

test('a fault can be chosen, beside tests or without any', async (t) => {
  const folder = checkout(t);
  const alone = await testNodes(t, folder, '--node', process.execPath, '--fault', 'holds');
  assert.deepEqual(tableIn(alone).slice(0, 2), ['Node.js  faults  minutes', `${version}  1 of 1 TIME`]);
  const both = await testNodes(t, folder, '--node', process.execPath, '--fault', 'holds', 'one');
  assert.deepEqual(tableIn(both).slice(0, 2), [
    'Node.js  tests  faults  minutes',
    `${version}  1 of 1  1 of 1 TIME`,
  ]);
  assert.deepEqual([alone.code, both.code], [0, 0]);
});

test('a run that does not get as far as its report fails', async (t) => {
  const exit = await testNodes(t, checkout(t), '--node', process.execPath, 'nothing');
  assert.equal(tableIn(exit)[1], `${version}  FAILED (exit code 1) TIME`);
  assert.equal(exit.code, 1);
});

test('an addon that is built anew meanwhile makes the run fail', async (t) => {
  const rebuild = `
import { writeFileSync } from 'node:fs';
test('it rebuilds', () => writeFileSync('packages/mq-native/build/mq_native.node', 'another'));`;
  const exit = await testNodes(t, checkout(t, rebuild), '--node', process.execPath, 'one');
  assert.match(exit.stdout, /addon [0-9a-f]{16} FAILED: it was built anew meanwhile\n$/);
  assert.equal(exit.code, 1);
});

test('a run that is not possible is refused in one sentence, before anything has run', async (t) => {
  const folder = checkout(t);
  for (const [words, code, said] of [
    [['--nodes', '24'], 2, "Unknown option '--nodes'; --help lists the options\n"],
    [['--node', 'newest'], 1, '--node newest: there is no such file, and a version is a number such as 24\n'],
    [['--node', process.execPath, '--node', '/bin/true'], 1, '/bin/true is not a Node.js\n'],
  ] as const) {
    const exit = await testNodes(t, folder, ...words);
    assert.deepEqual([exit.code, exit.stdout, exit.stderr], [code, '', said]);
  }
});
