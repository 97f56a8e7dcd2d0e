import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runNode } from '../helpers/node.js';
import { run, type Exit } from '../helpers/process.js';
import { write } from './checkout.js';

/** A checkout with these compiled tests: the name of each and whether it passes. */
function checkoutWithTests(t: TestContext, tests: Record<string, boolean>): string {
  const folder = temporaryFolder(t);
  for (const script of ['test.js', 'test-deadline.js']) {
    cpSync(join(root, 'scripts', script), join(folder, 'scripts', script));
  }
  write(folder, 'package.json', '{ "type": "module" }');
  for (const [name, passes] of Object.entries(tests)) {
    write(folder, `test/${name}.test.ts`, '');
    write(
      folder,
      `test/dist/${name}.test.js`,
      `import { test } from 'node:test';
      test(${JSON.stringify(`ran ${name}`)}, () => { if (${!passes}) throw new Error('no'); });`,
    );
  }
  return folder;
}

async function runTests(t: TestContext, folder: string, ...words: string[]): Promise<Exit> {
  return runNode(t, [join(folder, 'scripts/test.js'), ...words], { env: { NO_COLOR: '1' } });
}

test('all compiled tests run, and the closing lines count them', async (t) => {
  const folder = checkoutWithTests(t, { 'one/a': true, 'two/b': true });
  const { code, stdout } = await runTests(t, folder);
  assert.equal(code, 0);
  assert.match(stdout, /ran one\/a[^]*ran two\/b[^]*tests 2\n[^]*pass 2\n/);
});

test('words choose the files whose path has one of them', async (t) => {
  const folder = checkoutWithTests(t, { 'one/a': true, 'two/b': true, 'three/c': true });
  const { code, stdout } = await runTests(t, folder, 'one', '/c.');
  assert.equal(code, 0);
  assert.match(stdout, /ran one\/a/);
  assert.match(stdout, /ran three\/c/);
  assert.doesNotMatch(stdout, /ran two\/b/);
});

test('options of node’s own runner go on to it, and are no words', async (t) => {
  const folder = checkoutWithTests(t, { 'one/a': true, 'two/b': true });
  const { code, stdout } = await runTests(t, folder, '--test-name-pattern=two', '--test-reporter=tap');
  assert.equal(code, 0);
  assert.match(stdout, /^TAP version 13\n[^]*ok \d - ran two\/b/);
  assert.doesNotMatch(stdout, /^ok \d - ran one\/a$/m);
});

test(
  'with too few open files no test runs, and one sentence says what to do',
  { skip: skipWithoutCommands('prlimit') },
  async (t) => {
    const folder = checkoutWithTests(t, { 'one/a': true });
    const command = [process.execPath, join(folder, 'scripts/test.js')];
    const { code, stdout, stderr } = await run(t, 'prlimit', ['--nofile=64:64', ...command]);
    assert.deepEqual(
      [code, stdout, stderr],
      [
        1,
        '',
        'No test ran: a test needs 128 open files, and the limit is 64; raise it with "ulimit -n 1024"\n',
      ],
    );
  },
);

test('tests do not get certificates that Node.js reads at each start', async (t) => {
  const folder = checkoutWithTests(t, {});
  write(folder, 'test/it.test.ts', '');
  write(
    folder,
    'test/dist/it.test.js',
    "import { test } from 'node:test'; test(`it has ${process.env.NODE_EXTRA_CA_CERTS ?? 'none'}`, () => undefined);",
  );
  const runner = [join(folder, 'scripts/test.js')];
  const env = `NODE_EXTRA_CA_CERTS=${join(folder, 'package.json')}`;
  const { stdout } = await run(t, 'env', [env, process.execPath, ...runner], { env: { NO_COLOR: '1' } });
  assert.match(stdout, /✔ it has none/);
});

test('one failing test makes the run fail', async (t) => {
  const folder = checkoutWithTests(t, { 'one/a': true, 'two/b': false });
  assert.equal((await runTests(t, folder)).code, 1);
});

test('a run in which no test ran fails and says why', async (t) => {
  const folder = checkoutWithTests(t, { 'one/a': true });
  const { code, stdout, stderr } = await runTests(t, folder, 'nothing', 'none');
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.equal(stderr, 'No test ran: there is no test file whose path has "nothing" or "none"\n');
  assert.equal((await runTests(t, checkoutWithTests(t, {}))).stderr, 'No test ran: there is no test file\n');
});

test('the compiled form of a deleted test does not run', async (t) => {
  const folder = checkoutWithTests(t, { 'one/a': true });
  write(folder, 'test/dist/one/old.test.js', "throw new Error('ran the old one')");
  const { code, stdout } = await runTests(t, folder);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /old/);
});

test('a test that hangs is named, also where it blocks its thread, and the others run', async (t) => {
  const folder = checkoutWithTests(t, { 'a/passes': true });
  const hangs = {
    waits: 'async () => { setInterval(() => undefined, 1000); await new Promise(() => undefined); }',
    blocks: '() => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }',
  };
  for (const [name, body] of Object.entries(hangs)) {
    write(folder, `test/${name}.test.ts`, '');
    write(
      folder,
      `test/dist/${name}.test.js`,
      `import { test } from 'node:test'; test('before', () => undefined); test('it ${name}', ${body});`,
    );
  }
  const { code, stdout } = await runNode(t, [join(folder, 'scripts/test.js')], {
    env: { NO_COLOR: '1', TIMEQ_TEST_PATIENCE: '1' },
  });
  assert.equal(code, 1);
  assert.match(stdout, /No test has begun or ended for 3 s: "it waits" hangs/);
  assert.match(stdout, /No test has begun or ended for 3 s: "it blocks" hangs/);
  assert.match(stdout, /✔ ran a\/passes/);
});
