import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { run } from '../helpers/process.js';
import { runExample, startExample } from './example.js';

/** For a test's `skip` option; throws where CI is set. */
function skipWithoutPs(): string | false {
  if (spawnSync('ps').error === undefined) return false;
  const reason = 'there is no ps(1)';
  if (process.env['CI']) throw new Error(reason);
  return reason;
}

test('"if 5 is provided, the first six numbers will be output by the child", and the parent waits', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['fibonacci', '5']);
  assert.deepEqual([stderr, code], ['', 0]);
  const [, child, parent] =
    /^child \(pid (\d+), parent (\d+)\): 0, 1, 1, 2, 3, 5\nparent \(pid \2\): the child \(pid \1\) has ended\n$/.exec(
      stdout,
    ) ?? [];
  assert.ok(child, stdout);
  assert.notEqual(child, parent);
});

test('"the child writes the sequence to the shared memory; the parent outputs it"', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['fibonacci-shared', '5']);
  assert.deepEqual([stderr, code], ['', 0]);
  const [, child, parent] =
    /^child \(pid (\d+)\): has written 6\nparent \(pid (\d+)\): 0, 1, 1, 2, 3, 5\n$/.exec(stdout) ?? [];
  assert.ok(child, stdout);
  assert.notEqual(child, parent);
});

test(
  '"locate the entries of both processes in the output of the command ps ax"',
  { skip: skipWithoutPs() },
  async (t) => {
    const example = startExample(t, ['fibonacci', '5', '3600']);
    const [, child, seconds] = await example.waitFor(
      /child \(pid (\d+)\): sleeps for (\d+) s; "ps ax" shows it/,
    );
    assert.equal(seconds, '3600');
    const { stdout } = await run(t, 'ps', ['ax', '-o', 'pid=,ppid=,args=']);
    const line = (pid: number | string): string =>
      stdout.split('\n').find((text) => new RegExp(`^ *${pid} `).test(text)) ?? '';
    assert.match(line(example.pid ?? ''), /example\.js fibonacci 5 3600$/);
    assert.match(line(child ?? ''), new RegExp(`^ *${child} +${example.pid} .*child\\.js 5 3600$`));
    assert.equal((await example.killed('SIGINT')).code, 130);
  },
);

test('shared memory has 64 bits for each number: the one with the index 93 is the last that fits', async (t) => {
  const { stdout } = await runExample(t, ['fibonacci-shared', '93']);
  assert.match(stdout, /, 12200160415121876738\n$/);
  const { code, stderr } = await runExample(t, ['fibonacci-shared', '94']);
  assert.deepEqual([code, stderr], [2, '94 is too large. Give an integer from 0 to 93.\n']);
});

test('numbers beyond 2^53 are exact', async (t) => {
  const { stdout } = await runExample(t, ['fibonacci', '100']);
  assert.match(stdout, /, 354224848179261915075\n/);
});

test('the index 0 is that of the first number', async (t) => {
  assert.match((await runExample(t, ['fibonacci', '0'])).stdout, /^child .*: 0\n/);
  assert.match((await runExample(t, ['fibonacci-shared', '0'])).stdout, /\nparent \(pid \d+\): 0\n$/);
});

const mistakes: [words: string[], sentence: RegExp][] = [
  [[], /^Up to which number of the sequence\?.*\n$/],
  [['5', '6', '7'], /nothing else.*\n$/],
  [['-1'], /^-1 is negative\. .*\n$/],
  [['2.5'], /^"2\.5" is not an integer\. .*\n$/],
  [['ten'], /^"ten" is not an integer\. .*\n$/],
  [['1000000000'], /^1000000000 is too large\. .*\n$/],
];
for (const [words, sentence] of mistakes) {
  for (const example of ['fibonacci', 'fibonacci-shared']) {
    test(`"${[example, ...words].join(' ')}" is one sentence and exit code 2`, async (t) => {
      const { code, stdout, stderr } = await runExample(t, [example, ...words]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, sentence);
    });
  }
}
