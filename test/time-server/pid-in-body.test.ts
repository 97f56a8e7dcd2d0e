import assert from 'node:assert/strict';
import { endianness } from 'node:os';
import test from 'node:test';
import type * as Module from '../../packages/time-server/dist/queue/pid-in-body.js';
import { root } from '../helpers/node.js';

const { readPids } = (await import(`${root}packages/time-server/dist/queue/pid-in-body.js`)) as typeof Module;

test('short text in a buffer may also be an integer, and both are told', { skip: onlyLittleEndian() }, () => {
  assert.deepEqual(readPids(inBuffer('12')), [12, 0x3231]);
  assert.deepEqual(readPids(inBuffer('4711')), [4711]);
  assert.deepEqual(readPids(Buffer.from('12\0\0')), [0x3231]);
});

test('a native integer counts at the head of a body only', () => {
  const pid = Buffer.alloc(4);
  if (endianness() === 'LE') pid.writeInt32LE(4711);
  else pid.writeInt32BE(4711);
  assert.deepEqual(readPids(Buffer.concat([pid, Buffer.alloc(8188, 0xff)])), [4711]);
  assert.deepEqual(readPids(Buffer.concat([Buffer.alloc(8, 0xff), pid])), []);
});

function inBuffer(text: string): Buffer {
  return Buffer.concat([Buffer.from(text), Buffer.alloc(100)]);
}

function onlyLittleEndian(): string | false {
  return endianness() === 'LE' ? false : 'the bytes are those of little endian';
}
