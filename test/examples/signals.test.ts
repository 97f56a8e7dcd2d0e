import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from '../helpers/process.js';
import { runExample, startExample } from './example.js';

test('a child signals its parent after a pause, and the parent ends the child', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['signals', '50']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(
    stdout,
    /^parent \(pid (\d+)\): waits for a signal of its child \(pid (\d+)\)\nchild \(pid \2\): sends SIGUSR2 to its parent \(pid \1\)\nparent: got SIGUSR2, .*\nparent: the child was ended by SIGTERM\n$/,
  );
});

test('"after sleeping for 5 seconds, the child process sends a signal to its parent", if nothing else is said', async (t) => {
  const example = startExample(t, ['signals']);
  const [, child] = await example.waitFor(/its child \(pid (\d+)\)/);
  const { stdout } = await run(t, 'cat', [`/proc/${child}/cmdline`]);
  assert.equal(stdout.split('\0').at(-2), '5000');
  assert.equal((await example.killed('SIGTERM')).code, 143);
});

test('a child that dies before it has signalled is noticed', async (t) => {
  const example = startExample(t, ['signals', '60000']);
  const [, child] = await example.waitFor(/its child \(pid (\d+)\)/);
  process.kill(Number(child), 'SIGKILL');
  const { code, stderr } = await example.exit();
  assert.deepEqual([code, stderr], [1, 'The child ended without a signal.\n']);
});

for (const pause of ['-4', 'soon', '60001']) {
  test(`a pause of "${pause}" is one sentence and exit code 2`, async (t) => {
    const { code, stdout, stderr } = await runExample(t, ['signals', pause]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.equal(stderr, `"${pause}" is no pause. Give milliseconds from 0 to 60000.\n`);
  });
}

test('Ctrl-C is caught and prints "}:-)", and the third ends the program', async (t) => {
  const example = startExample(t, ['signals', 'face']);
  const [, pid] = await example.waitFor(/^pid (\d+): press Ctrl-C .* 3 times\n/);
  assert.equal(Number(pid), example.pid);
  for (let times = 1; times <= 3; times++) {
    example.kill('SIGINT');
    await example.waitFor('}:-)\n');
  }
  const { code, signal, stdout } = await example.exit();
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  assert.equal(stdout.split('}:-)\n').length - 1, 3);
});
