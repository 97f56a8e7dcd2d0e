import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runExample } from './example.js';

const first12 = '0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89';

test('a child computes as many Fibonacci numbers as are asked for, and its parent waits for it', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['fibonacci', '12']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  const [, child, parent, ofParent] =
    /^child \(pid (\d+)\): .*\nparent \(pid (\d+)\): the child \(pid (\d+)\) has ended\n$/.exec(stdout) ?? [];
  assert.equal(child, ofParent);
  assert.notEqual(child, parent);
  assert.ok(stdout.includes(`: ${first12}\n`));
});

test('numbers beyond 2^53 are exact', async (t) => {
  const { stdout } = await runExample(t, ['fibonacci', '101']);
  assert.match(stdout, /, 354224848179261915075\n/);
});

test('no number at all is asked for with 0', async (t) => {
  const { code, stdout } = await runExample(t, ['fibonacci', '0']);
  assert.equal(code, 0);
  assert.match(stdout, /^child \(pid \d+\): nothing\n/);
});

const mistakes: [words: string[], sentence: RegExp][] = [
  [[], /^How many numbers\?.*\n$/],
  [['5', '6'], /^How many numbers\?.*\n$/],
  [['-1'], /^-1 is negative\. .*\n$/],
  [['2.5'], /^"2\.5" is not an integer\. .*\n$/],
  [['ten'], /^"ten" is not an integer\. .*\n$/],
  [['1000000000'], /^1000000000 is too many\. .*\n$/],
];
for (const [words, sentence] of mistakes) {
  for (const example of ['fibonacci']) {
    test(`"${[example, ...words].join(' ')}" is one sentence and exit code 2`, async (t) => {
      const { code, stdout, stderr } = await runExample(t, [example, ...words]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, sentence);
    });
  }
}
