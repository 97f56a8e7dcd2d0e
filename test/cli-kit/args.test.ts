import assert from 'node:assert/strict';
import test from 'node:test';
import { readBytes } from '@timeq/cli-kit/args/bytes';
import { readDuration, readPause, readWait } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { readKey, readNamingKey } from '@timeq/cli-kit/args/key';
import { readMessageType, readTypeSelection } from '@timeq/cli-kit/args/message-type';
import { readMode } from '@timeq/cli-kit/args/mode';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
import { readOwner } from '@timeq/cli-kit/args/owner';
import { readProjectId } from '@timeq/cli-kit/args/project-id';
import { readQueueTarget } from '@timeq/cli-kit/args/queue-target';
import { UsageError } from '@timeq/cli-kit/args/usage-error';

function refuses(parse: (word: string) => unknown, ...words: string[]): void {
  for (const word of words) {
    assert.throws(
      () => parse(word),
      (error) => error instanceof UsageError && !error.message.includes('\n'),
      word,
    );
  }
}

test('a key is the same in hexadecimal, decimal, signed and unsigned', () => {
  assert.equal(readKey('0x80'), 128);
  assert.equal(readKey('128'), 128);
  assert.equal(readKey('-1'), 0xffff_ffff);
  assert.equal(readKey('4294967295'), 0xffff_ffff);
  assert.equal(readKey('-2147483648'), 0x8000_0000);
});

test('a key is never cut to 32 bits, and octal is not guessed at', () => {
  refuses(
    readKey,
    '0x100001234',
    '4294967296',
    '-2147483649',
    '0200',
    '',
    '1.5',
    'key',
    '-0x80',
    '+5',
    '1e2',
    ' 5',
  );
  assert.throws(
    () => readKey('0200'),
    /^UsageError: '0200' is not a key: C would read it as octal; write it as 0x80 or 128$/,
  );
});

test('key 0 names nothing', () => {
  assert.equal(readKey('0'), 0);
  assert.equal(readNamingKey('0x80'), 128);
  refuses(readNamingKey, '0', '0x0', '0x00000000');
});

test('an id is decimal and has 31 bits', () => {
  assert.equal(readObjectId('2147483647'), 2_147_483_647);
  refuses(readObjectId, '4294967297', '-1', '0x5', '', '5 ');
});

test('a queue is a key where it begins with 0x, and otherwise an id', () => {
  assert.deepEqual(readQueueTarget('0x80'), { by: 'key', key: 128 });
  assert.deepEqual(readQueueTarget('0XFFFFFFFF'), { by: 'key', key: 0xffff_ffff });
  assert.deepEqual(readQueueTarget('5'), { by: 'id', id: 5 });
  assert.deepEqual(readQueueTarget('010'), { by: 'id', id: 10 });
  const wrong = ['', '0x', '0xg', '-1', '80h', '0x100000000', '2147483648', '0x0', ' 5', '1e3'];
  for (const word of wrong) assert.throws(() => readQueueTarget(word), UsageError, word);
});

test('a user is a number or a name, and the largest number is neither', () => {
  const find = (name: string): number | undefined => ({ ada: 7 })[name];
  assert.equal(readOwner('user', 'ada', find), 7);
  assert.equal(readOwner('user', '4294967294', find), 4_294_967_294);
  for (const word of ['4294967295', 'bob', '', '-1'])
    assert.throws(() => readOwner('user', word, find), new UsageError(`there is no user '${word}'`));
});

test('message types keep all 63 bits', () => {
  assert.equal(readMessageType('1'), 1);
  assert.equal(readMessageType('9007199254740991'), Number.MAX_SAFE_INTEGER);
  assert.equal(readMessageType('9223372036854775807'), 2n ** 63n - 1n);
  assert.equal(readTypeSelection('-9223372036854775807'), 1n - 2n ** 63n);
  assert.equal(readTypeSelection('0'), 0);
  refuses(readMessageType, '0', '-1', '9223372036854775808', '', '1.0');
});

test('durations need a unit', () => {
  assert.equal(readDuration('500ms'), 500);
  assert.equal(readDuration('1.5s'), 1500);
  assert.equal(readDuration('1m'), 60_000);
  assert.equal(readDuration('2h'), 7_200_000);
  assert.equal(readDuration('1d'), 86_400_000);
  assert.equal(readDuration('0'), 0);
  refuses(readDuration, '5', 's', '-1s', '5 s', '5sec', '');
});

test('every wait has an end, and a pause takes time', () => {
  assert.equal(readWait('24d'), 2_073_600_000);
  assert.equal(readWait('0'), 0);
  assert.equal(readPause('1ms'), 1);
  refuses(readWait, '25d', '1000h', '5');
  refuses(readPause, '0', '0s', '25d');
});

test('a count is a whole number within its range', () => {
  assert.equal(readCount('10', 'number of messages'), 10);
  assert.equal(readCount('0', 'number of files', 0), 0);
  refuses((word) => readCount(word, 'number of messages', 1, 100), '0', '101', '1.5', '-1', '0x5', '');
  assert.throws(() => readCount('x', 'count', 1, 9), /'x' is not a count; write a whole number from 1 to 9$/);
});

test('bytes take units of 1024', () => {
  assert.equal(readBytes('4096'), 4096);
  assert.equal(readBytes('16K'), 16_384);
  assert.equal(readBytes('1.5MiB'), 1_572_864);
  refuses(readBytes, '-1', 'K', '1.3', '99999999T', '');
});

test('modes are three octal digits', () => {
  assert.equal(readMode('0600'), 0o600);
  assert.equal(readMode('664'), 0o664);
  assert.equal(readMode('0o640'), 0o640);
  refuses(readMode, '600600', '0800', '0x1', '7', '01777', 'rw-------');
});

test('project ids are numbers or one character', () => {
  assert.equal(readProjectId('1'), 1);
  assert.equal(readProjectId('R'), 0x52);
  assert.equal(readProjectId('0x52'), 0x52);
  refuses(readProjectId, '0', '256', 'RS', '', 'é');
});
