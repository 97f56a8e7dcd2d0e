import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asNobody, skipWithoutNobody } from '../as-nobody.js';
import { privateSegment } from './segment.js';

test('the list has also the segments that may not be read', { skip: skipWithoutNobody }, async (t) => {
  const segment = privateSegment(t, 777, 0o600);
  const { stdout, stderr } = await asNobody(
    t,
    'console.log(mq.SharedMemory.list().find(({ id }) => id === Number(process.argv[1])).bytes);',
    [segment.id],
  );
  assert.deepEqual([stdout, stderr], ['777\n', '']);
});
