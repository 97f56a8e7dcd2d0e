import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runExample, startExample } from './example.js';

/** Primes below 100,000, 200,000 and so on. */
const primes = [9592, 17_984, 25_997, 33_860, 41_538, 49_098, 56_543, 63_951, 71_274, 78_498, 85_714, 92_938];

function assertAllDone(stdout: string): void {
  const results = [...stdout.matchAll(/^task (\d+): (\d+) primes/gm)].map(([, task, count]) => [
    Number(task),
    Number(count),
  ]);
  assert.deepEqual(
    results.toSorted(([a = 0], [b = 0]) => a - b),
    primes.map((count, index) => [index + 1, count]),
  );
  assert.match(stdout, /\nall 12 tasks are done\n$/);
}

test('three workers do all tasks and end at their end markers', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['worker-pool']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.equal(stdout.match(/^worker \d+ \(pid \d+\) is started$/gm)?.length, 3);
  assertAllDone(stdout);
});

test('a worker that dies in the middle of a task loses none', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['worker-pool', '--kill']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout, /worker (\d+) has ended in the middle of task 4, which is handed out again\n/);
  assert.match(stdout, /worker 4 \(pid \d+\) is started\n/);
  assertAllDone(stdout);
});

test('workers that are killed from outside lose no task, wherever they are', async (t) => {
  const example = startExample(t, ['worker-pool']);
  const [, first] = await example.waitFor(/^worker 1 \(pid (\d+)\)/m);
  const [, second] = await example.waitFor(/^worker 2 \(pid (\d+)\)/m);
  // One before it is ready, one at work or between two tasks.
  process.kill(Number(first), 'SIGKILL');
  await example.waitFor(/^task \d+: /m);
  process.kill(Number(second), 'SIGKILL');
  const { code, stdout, stderr } = await example.exit();
  assert.deepEqual([stderr, code], ['', 0]);
  assertAllDone(stdout);
});

test('an unknown option is one sentence and exit code 2', async (t) => {
  const { code, stderr } = await runExample(t, ['worker-pool', '--keep']);
  assert.deepEqual([code, stderr], [2, 'The only option is --kill.\n']);
});
