import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runExample, startExample } from './example.js';

test('integers that are typed are printed by another process until 0', async (t) => {
  const example = startExample(t, ['integers']);
  await example.waitFor('An integer, or 0 to end: ');
  example.write('42\n');
  const [, printer] = await example.waitFor(/printer \(pid (\d+)\): 42\n/);
  assert.notEqual(Number(printer), example.pid);
  await example.waitFor('An integer, or 0 to end: ');
  example.write('-7\n0\n99\n');
  const { code, stdout, stderr } = await example.exit();
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /: -7\n/);
  assert.doesNotMatch(stdout, /: (0|99)\n/);
});

for (const bad of ['seven', '', '1.5', '1e3', '0x10', '12 13', '9007199254740993']) {
  test(`"${bad}" is not taken for an integer, and is asked for again`, async (t) => {
    const { code, stdout } = await runExample(t, ['integers'], { input: `${bad}\n 8 \n0\n` });
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`"${bad}" is not an integer .*\\n.*printer .*: 8\\n`));
  });
}

test('the end of the input ends it as 0 does', async (t) => {
  const { code, stdout } = await runExample(t, ['integers'], { input: '5\n' });
  assert.equal(code, 0);
  assert.match(stdout, /printer .*: 5\n/);
});

test('when the printer dies, that is said', async (t) => {
  const example = startExample(t, ['integers']);
  example.write('1\n');
  const [, printer] = await example.waitFor(/printer \(pid (\d+)\): 1\n/);
  process.kill(Number(printer), 'SIGKILL');
  const { code, stderr } = await example.exit();
  assert.deepEqual([code, stderr], [1, 'The process printer.js ended early (SIGKILL).\n']);
});
