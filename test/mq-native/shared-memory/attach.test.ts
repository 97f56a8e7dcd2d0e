import assert from 'node:assert/strict';
import { constants } from 'node:buffer';
import { test } from 'node:test';
import { IpcError } from '@timeq/mq-native';
import { runSnippet, startSnippet } from '../../helpers/node.js';
import { asNobody, reportCode, skipWithoutNobody } from '../as-nobody.js';
import { privateSegment } from './segment.js';

test('one process sees what another writes, without a copy', async (t) => {
  const segment = privateSegment(t, 800);
  const numbers = segment.view(Float64Array);
  numbers[7] = 2.5;
  const other = startSnippet(
    t,
    `import { SharedMemory } from '@timeq/mq-native';
    const numbers = SharedMemory.fromId(Number(process.argv[1])).view(Float64Array);
    console.log('reads', numbers[7]);
    numbers[8] = -1 / 3;
    console.log('written');
    process.stdin.on('data', () => { console.log('sees', numbers[7]); process.exit(); });`,
    [segment.id],
  );
  assert.equal((await other.waitFor(/reads (.*)\n/))[1], '2.5');
  await other.waitFor('written');
  assert.equal(numbers[8], -1 / 3);
  numbers[7] = 99;
  other.write('look\n');
  assert.equal((await other.waitFor(/sees (.*)\n/))[1], '99');
});

test('the ArrayBuffer has the size of the segment', (t) => {
  const segment = privateSegment(t, 1001);
  using attachment = segment.attach();
  assert.ok(attachment.buffer instanceof ArrayBuffer);
  assert.equal(attachment.buffer.byteLength, 1001);
});

test('the same segment attached twice is the same bytes twice, and each attachment ends by itself', (t) => {
  const segment = privateSegment(t, 16);
  const first = segment.attach();
  const second = segment.attach();
  assert.notEqual(first.buffer, second.buffer);
  const numbers = first.view(Uint32Array);
  const same = second.view(Uint32Array);
  numbers[3] = 7;
  assert.equal(same[3], 7);
  assert.equal(segment.stat().attachments, 2);
  first.detach();
  assert.equal(segment.stat().attachments, 1);
  same[2] = 8;
  assert.equal(same[2], 8);
  second.detach();
});

test('detach makes the ArrayBuffer and its views unusable, and then takes the memory away', (t) => {
  const segment = privateSegment(t, 64);
  const attachment = segment.attach();
  const { buffer } = attachment;
  const numbers = attachment.view(Int32Array);
  const view = attachment.view(DataView);
  numbers[0] = 1;
  attachment.detach();
  assert.equal(segment.stat().attachments, 0);
  assert.equal(attachment.attached, false);
  assert.equal(buffer.byteLength, 0);
  assert.equal(numbers.length, 0);
  assert.equal(numbers[0], undefined);
  numbers[0] = 2;
  assert.throws(() => view.getInt32(0), TypeError);
  assert.throws(() => Atomics.add(numbers, 0, 1));
  assert.throws(() => attachment.buffer, { code: 'ECANCELED' });
  assert.throws(() => attachment.view(Int32Array), { code: 'ECANCELED' });
  attachment.detach();
  attachment[Symbol.dispose]();
});

test('close makes unusable what view gave, and leaves attachments alone', (t) => {
  const segment = privateSegment(t, 64);
  const bytes = segment.view(Uint8Array);
  assert.equal(segment.view(Uint16Array).buffer, bytes.buffer, 'all views of a handle are on one attachment');
  const attachment = segment.attach();
  segment.close();
  segment.close();
  assert.equal(bytes.length, 0);
  assert.equal(attachment.view(Uint8Array).length, 64);
  assert.throws(() => segment.view(Uint8Array), { code: 'ECANCELED' });
  assert.throws(() => segment.attach(), { code: 'ECANCELED' });
  attachment.detach();
});

test('a view shows the part that it is asked for', (t) => {
  const segment = privateSegment(t, 100);
  const all = segment.view(Uint8Array);
  assert.equal(segment.view(Float64Array).length, 12, 'odd bytes at the end are left out');
  assert.equal(segment.view(BigInt64Array, { offset: 8 }).length, 11);
  segment.view(Uint16Array, { offset: 4, length: 2 }).fill(0x0101);
  assert.deepEqual([...all.subarray(3, 9)], [0, 1, 1, 1, 1, 0]);
  segment.view(DataView, { offset: 90, length: 4 }).setUint32(0, 0x0a0b0c0d);
  assert.deepEqual([...all.subarray(90, 94)], [10, 11, 12, 13]);
  assert.equal(segment.view(Uint8Array, { offset: 100 }).length, 0);
});

test('a view of a part that is not there is refused', (t) => {
  const segment = privateSegment(t, 100);
  assert.throws(() => segment.view(Float64Array, { offset: 4 }), /multiple of 8/);
  assert.throws(() => segment.view(Float64Array, { length: 13 }), RangeError);
  assert.throws(() => segment.view(Uint8Array, { offset: 101 }), RangeError);
  assert.throws(() => segment.view(Uint8Array, { offset: -1 }), RangeError);
  assert.throws(() => segment.view(Uint8Array, { offset: 50, length: 51 }), RangeError);
  assert.throws(() => segment.view('Uint8Array' as never), TypeError);
});

test('Atomics work on it across processes: no addition is lost', async (t) => {
  const segment = privateSegment(t, 16);
  const additions = 200_000;
  const adder = `import { SharedMemory } from '@timeq/mq-native';
    const segment = SharedMemory.fromId(Number(process.argv[1]));
    const small = segment.view(Int32Array, { length: 1 });
    const large = segment.view(BigInt64Array, { offset: 8 });
    // Both begin when both are there.
    Atomics.add(small, 0, 1);
    while (Atomics.load(small, 0) < 2);
    for (let count = 0; count < ${additions}; count++) {
      Atomics.add(small, 0, 1);
      Atomics.add(large, 0, 1n);
    }`;
  const ends = await Promise.all([runSnippet(t, adder, [segment.id]), runSnippet(t, adder, [segment.id])]);
  for (const { code, stderr } of ends) assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(segment.view(Int32Array)[0], 2 + 2 * additions);
  assert.equal(segment.view(BigInt64Array)[1], BigInt(2 * additions));
});

test('a segment above the largest ArrayBuffer is refused with a sentence, and is not left attached', (t) => {
  if (constants.MAX_LENGTH >= 2 ** 40) {
    t.skip('an ArrayBuffer of this Node.js can be larger than any segment that a test should make');
    return;
  }
  let segment;
  try {
    segment = privateSegment(t, constants.MAX_LENGTH + 1);
  } catch (error) {
    assert.ok(error instanceof IpcError);
    t.skip(`the kernel makes no segment of that size here: ${error.message}`);
    return;
  }
  const large = segment;
  assert.throws(() => large.attach(), {
    code: 'EFBIG',
    message: new RegExp(`${constants.MAX_LENGTH} bytes`),
  });
  assert.equal(large.stat().attachments, 0);
});

test('a user without permission is told so', { skip: skipWithoutNobody }, async (t) => {
  const segment = privateSegment(t, 16, 0o604);
  const { stdout } = await asNobody(
    t,
    `${reportCode}
    const segment = mq.SharedMemory.fromId(Number(process.argv[1]));
    report(() => segment.attach());
    report(() => segment.attach({ readOnly: true }));
    report(() => segment.remove());`,
    [segment.id],
  );
  const [attach = '', readOnly, remove = ''] = stdout.split('\n');
  assert.match(attach, /^EACCES .*readOnly/);
  assert.equal(readOnly, 'fine');
  assert.match(remove, /^EPERM /);
});
