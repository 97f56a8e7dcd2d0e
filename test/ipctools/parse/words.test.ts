import assert from 'node:assert/strict';
import test from 'node:test';
import {
  Failure,
  parseBytes,
  parseDuration,
  parseKey,
  parseMessageType,
  parseMode,
  parseObjectId,
  parseProjectId,
  parseTarget,
  parseTypeSelection,
} from '@timeq/ipctools';

function refuses(parse: (word: string) => unknown, ...words: string[]): void {
  for (const word of words) {
    assert.throws(
      () => parse(word),
      (error) => error instanceof Failure && error.exitCode === 2 && !error.message.includes('\n'),
      word,
    );
  }
}

test('a queue is a key where it begins with 0x, and otherwise an id', () => {
  assert.deepEqual(parseTarget('0x80'), { by: 'key', key: 128 });
  assert.deepEqual(parseTarget('0XFFFFFFFF'), { by: 'key', key: 0xffff_ffff });
  assert.deepEqual(parseTarget('5'), { by: 'id', id: 5 });
  assert.deepEqual(parseTarget('010'), { by: 'id', id: 10 });
  refuses(parseTarget, '', '0x', '0xg', '-1', '80h', '0x100000000', '2147483648', '0x0', ' 5', '1e3');
});

test('a key is the same in hexadecimal, decimal, signed and unsigned', () => {
  assert.equal(parseKey('0x80'), 128);
  assert.equal(parseKey('128'), 128);
  assert.equal(parseKey('-1'), 0xffff_ffff);
  assert.equal(parseKey('4294967295'), 0xffff_ffff);
  assert.equal(parseKey('-2147483648'), 0x8000_0000);
});

test('a key is never cut to 32 bits, and octal is not guessed at', () => {
  refuses(parseKey, '0x100001234', '4294967296', '-2147483649', '0200', '', '1.5', 'key');
});

test('an id is decimal and has 31 bits', () => {
  assert.equal(parseObjectId('2147483647'), 2_147_483_647);
  refuses(parseObjectId, '4294967297', '-1', '0x5', '', '5 ');
});

test('message types keep all 63 bits', () => {
  assert.equal(parseMessageType('1'), 1);
  assert.equal(parseMessageType('9007199254740991'), Number.MAX_SAFE_INTEGER);
  assert.equal(parseMessageType('9223372036854775807'), 2n ** 63n - 1n);
  assert.equal(parseTypeSelection('-9223372036854775807'), 1n - 2n ** 63n);
  assert.equal(parseTypeSelection('0'), 0);
  refuses(parseMessageType, '0', '-1', '9223372036854775808', '', '1.0');
});

test('durations need a unit', () => {
  assert.equal(parseDuration('500ms'), 500);
  assert.equal(parseDuration('1.5s'), 1500);
  assert.equal(parseDuration('1m'), 60_000);
  assert.equal(parseDuration('2h'), 7_200_000);
  assert.equal(parseDuration('1d'), 86_400_000);
  assert.equal(parseDuration('0'), 0);
  refuses(parseDuration, '5', 's', '-1s', '5 s', '5sec', '');
});

test('bytes take units of 1024', () => {
  assert.equal(parseBytes('4096'), 4096);
  assert.equal(parseBytes('16K'), 16_384);
  assert.equal(parseBytes('1.5MiB'), 1_572_864);
  refuses(parseBytes, '-1', 'K', '1.3', '99999999T', '');
});

test('modes are three octal digits', () => {
  assert.equal(parseMode('0600'), 0o600);
  assert.equal(parseMode('664'), 0o664);
  refuses(parseMode, '600600', '0800', '0x1', '7', '01777', 'rw-------');
});

test('project ids are numbers or one character', () => {
  assert.equal(parseProjectId('1'), 1);
  assert.equal(parseProjectId('R'), 0x52);
  assert.equal(parseProjectId('0x52'), 0x52);
  refuses(parseProjectId, '0', '256', 'RS', '', 'é');
});
