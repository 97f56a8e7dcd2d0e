import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asNobody, reportCode, skipWithoutNobody } from '../as-nobody.js';
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

test(
  'a user who may only read a segment attaches it read-only, and not otherwise',
  { skip: skipWithoutNobody },
  async (t) => {
    const segment = privateSegment(t, 100, 0o644);
    const { stdout, stderr } = await asNobody(
      t,
      `${reportCode}
    const segment = mq.SharedMemory.fromId(Number(process.argv[1]));
    report(() => segment.attach({ readOnly: true }).read());
    report(() => segment.attach());`,
      [segment.id],
    );
    assert.equal(stderr, '');
    assert.match(stdout, /^fine\nEACCES [^\n]+\n$/);
  },
);
