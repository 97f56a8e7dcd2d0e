import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeMessage, previewBody, type BodyFormat } from '#ipctools/render/body-format';
import { hexdump } from '#ipctools/render/hexdump';

const message = { type: 5, body: Buffer.from('a\u001b\u00ff', 'latin1') };
const encoded = (format: BodyFormat, safe: boolean) =>
  encodeMessage(message, format, safe).toString('latin1');

test('off a terminal text is the exact bytes and a newline', () => {
  assert.equal(encoded('text', false), 'a\u001b\u00ff\n');
});

test('on a terminal text can do no harm', () => {
  assert.equal(encoded('text', true), 'a\\x1b\\xff\n');
  assert.equal(previewBody(Buffer.from('ä\r\n')), 'ä\\r\\n');
});

test('hex, base64 and JSON are the same everywhere, one line each', () => {
  for (const safe of [true, false]) {
    assert.equal(encoded('hex', safe), '611bff\n');
    assert.equal(encoded('base64', safe), 'YRv/\n');
    assert.equal(encoded('json', safe), '{"type":5,"base64":"YRv/"}\n');
  }
});

test('a hex dump has sixteen bytes in a line', () => {
  const lines = hexdump(Buffer.from('0123456789abcdef\n'));
  assert.deepEqual(lines, [
    '  00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|',
    '  00000010  0a                                                |.|',
  ]);
  assert.deepEqual(hexdump(Buffer.alloc(0)), []);
});
