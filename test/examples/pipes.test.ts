import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runExample, startExample } from './example.js';

test('reverse: every phrase comes back reversed until "end"', async (t) => {
  const example = startExample(t, ['reverse']);
  await example.waitFor('A phrase, or end: ');
  example.write('never odd or even\n');
  await example.waitFor('neve ro ddo reven\n');
  example.write('The END\n');
  await example.waitFor('DNE ehT\n');
  example.write('end\nnever seen\n');
  const { code, stdout, stderr } = await example.exit();
  assert.deepEqual([code, stderr], [0, '']);
  assert.doesNotMatch(stdout, /reven seen|nees/);
});

test('reverse: letters of several code points stay whole, and an empty phrase is one', async (t) => {
  const { code, stdout } = await runExample(t, ['reverse'], { input: 'née 👩‍🚀!\n\nend\n' });
  assert.equal(code, 0);
  assert.equal(stdout.replaceAll('A phrase, or end: ', ''), '!👩‍🚀 eén\n\n');
});

test('formatter: every text comes back between two Ni!', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['formatter', 'a shrubbery', ' ']);
  assert.deepEqual([stderr, code, stdout], ['', 0, 'Ni! a shrubbery Ni!\nNi!   Ni!\n']);
});

test('formatter: an empty message is answered with an error, and those behind it are formatted', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['formatter', '', 'a shrubbery']);
  assert.equal(stderr, 'Error: an empty message cannot be formatted.\n');
  assert.equal(code, 1);
  assert.equal(stdout, 'Ni! a shrubbery Ni!\n');
});

test('formatter: without texts it has some of its own', async (t) => {
  const { code, stdout } = await runExample(t, ['formatter']);
  assert.equal(code, 0);
  assert.match(stdout, /^(Ni! .+ Ni!\n){3}$/);
});

test('formatter: a text of two lines is refused', async (t) => {
  const { code, stderr } = await runExample(t, ['formatter', 'one\ntwo']);
  assert.deepEqual([code, stderr], [2, 'A text is one line: leave the line breaks out.\n']);
});

test('spam: messages come in order and at growing intervals', async (t) => {
  const step = 200;
  const { code, stdout, stderr } = await runExample(t, ['spam', '4', String(step)]);
  assert.deepEqual([stderr, code], ['', 0]);
  const received = [...stdout.matchAll(/got "Spam (\d+)" after (\d+) ms/g)].map(([, index, time]) => ({
    index: Number(index),
    time: Number(time),
  }));
  assert.deepEqual(
    received.map(({ index }) => index),
    [0, 1, 2, 3],
  );
  // A slow machine can only make it more; a timer may be a millisecond early.
  for (const { index, time } of received)
    assert.ok(time >= (step * index * (index + 1)) / 2 - index - 1, stdout);
});

test('spam: the child ends when its parent is killed', async (t) => {
  const example = startExample(t, ['spam', '1000', '10']);
  await example.waitFor('Spam 002');
  example.kill('SIGKILL');
  // The child inherits the error output: it is closed, and exit() resolves, only when both have ended.
  assert.equal((await example.exit()).signal, 'SIGKILL');
});

for (const words of [['0'], ['x'], ['3', '-1'], ['2000']]) {
  test(`spam: "${words.join(' ')}" is one sentence and exit code 2`, async (t) => {
    const { code, stdout, stderr } = await runExample(t, ['spam', ...words]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^".*" is no integer from \d+ to \d+\. .*\n$/);
  });
}
