import assert from 'node:assert/strict';
import test from 'node:test';
import { parseNanoseconds, toMilliseconds, toSeconds } from '@timeq/time-protocol';

test('nanoseconds are read from decimal text, to the last digit', () => {
  assert.equal(parseNanoseconds('1795165740123456789'), 1795165740123456789n);
  assert.equal(parseNanoseconds('-1'), -1n);
  assert.equal(parseNanoseconds('0'), 0n);
});

test('text that is not decimal is not nanoseconds', () => {
  for (const value of [
    1795165740123456800,
    '',
    ' 1',
    '1.5',
    '1e9',
    '0x10',
    '007',
    '1'.repeat(20),
    null,
    undefined,
  ]) {
    assert.equal(parseNanoseconds(value), undefined, String(value));
  }
});

test('moments before 1970 are rounded down as those after it', () => {
  assert.equal(toSeconds(1_999_999_999n), 1n);
  assert.equal(toSeconds(-1n), -1n);
  assert.equal(toSeconds(-1_000_000_000n), -1n);
  assert.equal(toMilliseconds(-1n), -1);
  assert.equal(toMilliseconds(1795165740123456789n), 1795165740123);
});
