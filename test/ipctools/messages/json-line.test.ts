import assert from 'node:assert/strict';
import test from 'node:test';
import { Failure } from '@timeq/ipctools';
import { messageFromJson, messageToJson } from '#ipctools/messages/json-line';

const copy = (type: number | bigint, body: Buffer) =>
  messageFromJson(JSON.stringify(messageToJson({ type, body })));

test('every type and every body come back as they were', () => {
  for (const type of [1, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n]) {
    assert.equal(copy(type, Buffer.alloc(0)).type, type);
  }
  const bodies = ['', 'text', '\u0000', '\ufeffmark', 'ä€😀', '"\\\n\u2028', '\ufffd'].map((text) =>
    Buffer.from(text),
  );
  bodies.push(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), Buffer.from([0xed, 0xa0, 0x80]));
  for (const body of bodies) assert.deepEqual(copy(1, body).body, body);
});

test('text stays readable, other bytes are base64', () => {
  assert.deepEqual(messageToJson({ type: 5, body: Buffer.from('hello') }), { type: 5, body: 'hello' });
  assert.deepEqual(messageToJson({ type: 2n ** 63n - 1n, body: Buffer.from([255]) }), {
    type: '9223372036854775807',
    base64: '/w==',
  });
});

test('a message that could not be copied exactly is refused with one sentence', () => {
  for (const line of [
    '',
    'null',
    '[]',
    '{"type":1}',
    '{"body":"x"}',
    '{"type":0,"body":"x"}',
    '{"type":-1,"body":"x"}',
    '{"type":1.5,"body":"x"}',
    '{"type":9223372036854775807,"body":"x"}',
    '{"type":"9223372036854775808","body":"x"}',
    '{"type":"x","body":"x"}',
    '{"type":1,"body":"\\ud800"}',
    '{"type":1,"body":5}',
    '{"type":1,"base64":"*"}',
    '{"type":1,"base64":"QQ=A"}',
    '{"type":1,"body":"x","base64":"eA=="}',
  ]) {
    assert.throws(() => messageFromJson(line), Failure, line);
  }
});
