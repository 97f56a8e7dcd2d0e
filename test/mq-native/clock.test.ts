import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wallClock } from '@timeq/mq-native';
import { runSnippet } from '../helpers/node.js';

test('the wall clock gives nanoseconds since the epoch, as Date does milliseconds', () => {
  const before = BigInt(Date.now());
  const now = wallClock();
  const after = BigInt(Date.now()) + 1n;
  assert.equal(typeof now, 'bigint');
  assert.ok(now / 1_000_000n >= before - 1n && now / 1_000_000n <= after);
});

test('the wall clock has digits below the microsecond', () => {
  const digits = new Set(Array.from({ length: 1000 }, () => wallClock() % 1000n));
  assert.ok(digits.size > 1);
});

test('localTime follows TZ as C does', async (t) => {
  const source = `import { localTime } from '@timeq/mq-native';
    console.log(JSON.stringify(Object.values(localTime(Number(process.argv[1])))));`;
  const at = async (second: number, TZ: string): Promise<number[]> =>
    JSON.parse((await runSnippet(t, source, [second], { env: { TZ } })).stdout);
  assert.deepEqual(await at(0, 'UTC'), [1970, 0, 1, 0, 0, 0, 4]);
  assert.deepEqual(await at(1_000_000_000, 'UTC'), [2001, 8, 9, 1, 46, 40, 0]);
  assert.deepEqual(await at(1_000_000_000, 'CET-1CEST,M3.5.0,M10.5.0/3'), [2001, 8, 9, 3, 46, 40, 0]);
  assert.deepEqual(await at(-1, 'UTC'), [1969, 11, 31, 23, 59, 59, 3]);
});
