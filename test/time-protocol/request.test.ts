import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import test from 'node:test';
import { buildRequest, parseRequest, type Request } from '@timeq/time-protocol';

const CLASSIC: Request = { kind: 'classic' };

test('an addressed request is read as it was built', () => {
  const requests = [
    { id: 'a', replyTo: 2 ** 32, ask: 'time' },
    { id: 0, replyTo: Number.MAX_SAFE_INTEGER, ask: 'status' },
    { id: '', replyTo: 2n ** 63n - 1n, ask: 'time' },
    { id: 'ä " \\ \n \u2028 😀', replyTo: 2n ** 60n, ask: 'time' },
  ] as const;
  for (const request of requests) {
    assert.deepEqual(parseRequest(buildRequest(request)), { kind: 'addressed', ...request });
  }
});

test('a request without "ask" asks for the time', () => {
  const expected = { kind: 'addressed', id: 1, replyTo: 2 ** 40, ask: 'time' };
  assert.deepEqual(parse({ timeq: 1, id: 1, replyTo: 2 ** 40 }), expected);
  assert.deepEqual(parse({ timeq: 1, id: 1, replyTo: String(2 ** 40) }), expected);
  assert.deepEqual(parse({ timeq: 1, id: 1, replyTo: 2 ** 40, later: { more: [] } }), expected);
});

test('a body that does not say timeq 1 is a classic request', () => {
  const bodies = [
    '',
    '1',
    '12345',
    'null',
    '"x"',
    '[]',
    '{}',
    '[{"timeq":1}]',
    '{"timeq":2,"replyTo":4294967296}',
  ];
  for (const body of [
    ...bodies,
    '{"timeq":"1","id":1,"replyTo":4294967296}',
    '{"timeq":1,"id":1,',
    ' ',
    '\0',
  ]) {
    assert.deepEqual(parseText(body), CLASSIC, body);
  }
});

test('a request that does not say where it can be answered is a classic one', () => {
  const types = [3, 0, -1, 2 ** 32 - 1, 2 ** 53, 2 ** 40 + 0.5, '4294967295', '9223372036854775808'];
  for (const replyTo of [...types, '0x100000000', ' 4294967296', '1e10', '', null, true, [2 ** 40], {}]) {
    assert.deepEqual(parse({ timeq: 1, id: 1, replyTo }), CLASSIC, JSON.stringify(replyTo));
  }
  assert.deepEqual(parse({ timeq: 1, id: 1 }), CLASSIC);
});

test('a request that can be answered but has no usable id is refused without an id', () => {
  for (const id of [undefined, null, true, 1.5, 2 ** 53, [], {}]) {
    const request = parse({ timeq: 1, id, replyTo: 2 ** 40 });
    assert.ok(request.kind === 'refused', JSON.stringify(id));
    assert.equal(request.id, null);
    assert.equal(request.replyTo, 2 ** 40);
    assert.equal(request.error.code, 'BAD_ID');
  }
});

test('a request for something unknown is refused with its id', () => {
  for (const ask of ['weather', '', 1, null, ['time']]) {
    const request = parse({ timeq: 1, id: 'x', replyTo: 2 ** 40, ask });
    assert.ok(request.kind === 'refused', JSON.stringify(ask));
    assert.equal(request.id, 'x');
    assert.equal(request.error.code, 'UNKNOWN_ASK');
  }
});

test('no body makes it throw: random bytes, broken UTF-8, deep nesting, tricks with names', () => {
  const nested = 1_000_000;
  const bodies: Buffer[] = [
    Buffer.from('{"timeq":1,"id":'.repeat(nested)),
    Buffer.from(`{"timeq":1,"id":${'['.repeat(nested)}${']'.repeat(nested)},"replyTo":4294967296}`),
    Buffer.from(`{"a":${'{"a":'.repeat(nested)}1${'}'.repeat(nested)}}`),
    Buffer.from('{"timeq":1,"id":"\xff","replyTo":4294967296}', 'latin1'),
    Buffer.from('{"__proto__":{"timeq":1,"id":1,"replyTo":4294967296}}'),
    Buffer.from('{"constructor":null,"timeq":1,"toString":1}'),
    Buffer.from('{"timeq":1e400,"id":1e400,"replyTo":1e400}'),
    ...Array.from({ length: 2000 }, () => randomBytes(randomInt(0, 200))),
    ...Array.from({ length: 2000 }, () =>
      mutated('{"timeq":1,"id":"abc","replyTo":4294967296,"ask":"time"}'),
    ),
  ];
  for (const body of bodies) parseRequest(body);
  assert.deepEqual(
    bodies.slice(0, 1).map((body) => parseRequest(body)),
    [CLASSIC],
  );
  assert.deepEqual(
    bodies.slice(2, 7).map((body) => parseRequest(body)),
    Array.from({ length: 5 }, () => CLASSIC),
  );
});

test('a request that could not be answered is not built', () => {
  assert.throws(() => buildRequest({ id: 1, replyTo: 3 }), RangeError);
  assert.throws(() => buildRequest({ id: 1, replyTo: 2n ** 63n }), RangeError);
  assert.throws(() => buildRequest({ id: 2 ** 53, replyTo: 2 ** 40 }), RangeError);
});

function parse(fields: Record<string, unknown>): Request {
  return parseText(JSON.stringify(fields));
}

function parseText(text: string): Request {
  return parseRequest(Buffer.from(text));
}

function mutated(text: string): Buffer {
  const body = Buffer.from(text);
  for (let change = 0; change < 3; change += 1) body[randomInt(body.length)] = randomInt(256);
  return body;
}
