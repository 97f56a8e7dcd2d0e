import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { isAddressedType, normalizeType, replyTypeFrom } from '@timeq/time-protocol';

test('a reply can be addressed to types from 2^32 to 2^63 - 1, as number or bigint', () => {
  for (const type of [2 ** 32, 2n ** 32n, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n]) {
    assert.equal(isAddressedType(type), true, String(type));
  }
  for (const type of [
    0,
    1,
    3,
    2 ** 32 - 1,
    2n ** 32n - 1n,
    -(2 ** 40),
    2n ** 63n,
    2 ** 53,
    NaN,
    2 ** 32 + 0.5,
  ]) {
    assert.equal(isAddressedType(type), false, String(type));
  }
});

test('a type is a number when that is exact, and otherwise a bigint', () => {
  assert.equal(normalizeType(5n), 5);
  assert.equal(normalizeType(2n ** 53n - 1n), 2 ** 53 - 1);
  assert.equal(normalizeType(2n ** 53n), 2n ** 53n);
  assert.throws(() => normalizeType(2 ** 53), RangeError);
});

test('whatever the random bits, they give a type that can be answered at and is a safe integer', () => {
  const extremes = [0n, 2n ** 64n - 1n, 2n ** 63n, -1n];
  const drawn = Array.from({ length: 1000 }, () => randomBytes(8).readBigUInt64LE());
  for (const random of [...extremes, ...drawn]) {
    const type = replyTypeFrom(random);
    assert.ok(Number.isSafeInteger(type) && isAddressedType(type), `${random} gave ${type}`);
  }
  assert.equal(new Set(drawn.map(replyTypeFrom)).size, drawn.length);
});
