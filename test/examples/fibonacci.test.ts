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

test('a child writes the sequence into shared memory, and its parent prints it', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['fibonacci-shared', '12']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  const [, child, parent] =
    /^child \(pid (\d+)\): has written 12\nparent \(pid (\d+)\): [\d, ]+\n$/.exec(stdout) ?? [];
  assert.notEqual(child, parent);
  assert.ok(stdout.endsWith(`: ${first12}\n`));
});

test('shared memory has 64 bits for each number: the 94th is the last that fits', async (t) => {
  const { stdout } = await runExample(t, ['fibonacci-shared', '94']);
  assert.match(stdout, /, 12200160415121876738\n$/);
  const { code, stderr } = await runExample(t, ['fibonacci-shared', '95']);
  assert.equal(code, 2);
  assert.equal(stderr, '95 is too many. Give an integer from 0 to 94.\n');
});

test('numbers beyond 2^53 are exact', async (t) => {
  const { stdout } = await runExample(t, ['fibonacci', '101']);
  assert.match(stdout, /, 354224848179261915075\n/);
});

test('no number at all is asked for with 0', async (t) => {
  const { code, stdout } = await runExample(t, ['fibonacci', '0']);
  assert.equal(code, 0);
  assert.match(stdout, /^child \(pid \d+\): nothing\n/);
  const shared = await runExample(t, ['fibonacci-shared', '0']);
  assert.equal(shared.code, 0);
  assert.match(shared.stdout, /parent \(pid \d+\): nothing\n$/);
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
  for (const example of ['fibonacci', 'fibonacci-shared']) {
    test(`"${[example, ...words].join(' ')}" is one sentence and exit code 2`, async (t) => {
      const { code, stdout, stderr } = await runExample(t, [example, ...words]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, sentence);
    });
  }
}
