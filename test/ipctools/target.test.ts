import assert from 'node:assert/strict';
import test from 'node:test';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { parseTarget } from '#ipctools/cli/target';

test('a queue is a key where it begins with 0x, and otherwise an id', () => {
  assert.deepEqual(parseTarget('0x80'), { by: 'key', key: 128 });
  assert.deepEqual(parseTarget('0XFFFFFFFF'), { by: 'key', key: 0xffff_ffff });
  assert.deepEqual(parseTarget('5'), { by: 'id', id: 5 });
  assert.deepEqual(parseTarget('010'), { by: 'id', id: 10 });
  const wrong = ['', '0x', '0xg', '-1', '80h', '0x100000000', '2147483648', '0x0', ' 5', '1e3'];
  for (const word of wrong) {
    assert.throws(() => parseTarget(word), UsageError, word);
  }
});
