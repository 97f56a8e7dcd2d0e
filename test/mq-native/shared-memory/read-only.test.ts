import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { runSnippet } from '../../helpers/node.js';
import { privateSegment } from './segment.js';

test('a read-only attachment shows live what others write', (t) => {
  const segment = privateSegment(t, 64);
  const numbers = segment.view(Int32Array);
  using attachment = segment.attach({ readOnly: true });
  const view = attachment.view(Int32Array);
  for (const value of [1, -2, 3]) {
    numbers[5] = value;
    assert.equal(view.at(5), value);
    assert.equal(view.load(5), value);
  }
  assert.equal(attachment.bytes, 64);
});

test('a read-only view can be read in all the ways that are needed', (t) => {
  const segment = privateSegment(t, 32);
  segment.view(Float64Array).set([1.5, 2.5, 3.5, 4.5]);
  using attachment = segment.attach({ readOnly: true });
  const view = attachment.view(Float64Array);
  assert.equal(view.length, 4);
  assert.equal(view.at(-1), 4.5);
  assert.equal(view.at(4), undefined);
  assert.deepEqual([...view], [1.5, 2.5, 3.5, 4.5]);
  assert.deepEqual(view.slice(1, 3), new Float64Array([2.5, 3.5]));
  assert.deepEqual([...attachment.view(Float64Array, { offset: 16, length: 1 })], [3.5]);
  assert.equal(attachment.view(BigUint64Array).load(0), 0x3ff8000000000000n);
  assert.throws(() => view.load(0), TypeError);
  assert.throws(() => attachment.view(Uint8Array).load(32), RangeError);
  assert.deepEqual(attachment.read(8, 8), Buffer.from(new Float64Array([2.5]).buffer));
  assert.equal(attachment.read().length, 32);
});

test('a write to a read-only attachment throws, or goes to a copy; the process and the segment are unharmed', async (t) => {
  const segment = privateSegment(t, 64);
  segment.view(Uint8Array).fill(1);
  const { code, signal, stdout, stderr } = await runSnippet(
    t,
    `import { SharedMemory } from '@timeq/mq-native';
    const attachment = SharedMemory.fromId(Number(process.argv[1])).attach({ readOnly: true });
    const view = attachment.view(Uint8Array);
    const attempts = [
      () => { view[0] = 2; },
      () => { view.length = 0; },
      () => { view.buffer[0] = 2; },
      () => { view.set([2]); },
      () => { view.fill(2); },
      () => Atomics.store(view, 0, 2),
      () => Uint8Array.prototype.fill.call(view, 2),
      () => new Uint8Array(attachment.buffer)[0] = 2,
      () => new DataView(attachment.buffer).setUint8(0, 2),
    ];
    for (const attempt of attempts) {
      try {
        attempt();
        console.log('no error', String(attempt));
      } catch (error) {
        console.log(error.name);
      }
    }
    view.slice().fill(2);
    attachment.read().fill(2);
    new Uint8Array([...view]).fill(2);
    console.log('alive', view.at(0));`,
    [segment.id],
  );
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.pop(), 'alive 1');
  assert.ok(segment.view(Uint8Array).every((byte) => byte === 1));
  // An ArrayBuffer of its own, made from undefined, has no element to set.
  assert.deepEqual(
    lines.filter((line) => line !== 'TypeError' && line !== 'RangeError'),
    ['no error () => new Uint8Array(attachment.buffer)[0] = 2'],
  );
});

test('a subclass, whose code could write through the array that it is, gets no read-only view', async (t) => {
  const segment = privateSegment(t, 64);
  const { code, signal, stdout, stderr } = await runSnippet(
    t,
    `import { SharedMemory } from '@timeq/mq-native';
    const attachment = SharedMemory.fromId(Number(process.argv[1])).attach({ readOnly: true });
    class Leak extends Uint8Array { constructor(...given) { super(...given); this[0] = 1; } }
    class Named extends Leak { static name = 'Uint8Array'; }
    const Wrapped = new Proxy(Leak, {});
    function Float64Array(buffer) { new Uint8Array(buffer)[0] = 1; }
    for (const type of [Leak, Named, Wrapped, Leak.bind(), Float64Array, Buffer, DataView, Array, 'Uint8Array', undefined]) {
      try {
        attachment.view(type);
        console.log('no error', type);
      } catch ({ name, code, message }) {
        console.log(name, code, /such as Float64Array/.test(message));
      }
    }`,
    [segment.id],
  );
  assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' });
  assert.equal(stdout, 'TypeError ERR_INVALID_ARG_TYPE true\n'.repeat(10));
  assert.equal(segment.view(Uint8Array)[0], 0);
});

test('the classes of another realm give the same read-only views as this realm’s', (t) => {
  const segment = privateSegment(t, 16);
  segment.view(Float64Array)[1] = 2.5;
  using attachment = segment.attach({ readOnly: true });
  const foreign = runInContext('Float64Array', createContext()) as typeof Float64Array;
  assert.notEqual(foreign, Float64Array);
  assert.deepEqual(attachment.view(foreign).slice(), new Float64Array([0, 2.5]));
});

test('after detach a read-only view throws', (t) => {
  const segment = privateSegment(t, 64);
  const attachment = segment.attach({ readOnly: true });
  const view = attachment.view(Int32Array);
  assert.equal(segment.stat().attachments, 1);
  attachment.detach();
  attachment.detach();
  assert.equal(segment.stat().attachments, 0);
  assert.equal(attachment.attached, false);
  assert.equal(view.length, 0);
  assert.throws(() => view.at(0), TypeError);
  assert.throws(() => view.load(0), TypeError);
  assert.throws(() => [...view], TypeError);
  assert.throws(() => view.slice(), TypeError);
  assert.throws(() => attachment.read(), { code: 'ECANCELED' });
  assert.throws(() => attachment.bytes, { code: 'ECANCELED' });
});
