import assert from 'node:assert/strict';
import test from 'node:test';
import { drawReplyType, isAddressedType, normalizeType } from '@timeq/time-protocol';

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

test('drawn types differ, are safe integers, and can be answered at', (t) => {
  const drawn = Array.from({ length: 1000 }, drawReplyType);
  assert.equal(new Set(drawn).size, drawn.length);
  for (const extreme of [0, 1 - 2 ** -53]) {
    t.mock.method(Math, 'random', () => extreme);
    drawn.push(drawReplyType());
  }
  for (const type of drawn) assert.ok(Number.isSafeInteger(type) && isAddressedType(type), String(type));
});
