import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  buildReply,
  parseReply,
  parseRequest,
  requestText,
  TimeReplyWriter,
  TimeRequestWriter,
} from '@timeq/time-protocol';

/** The same JSON in a form that the project's programs do not write, so that a JSON parser has to read it. */
const spaced = (body: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(' '), body]);

/** The body as it is, or with one byte changed, put in or left out: some are still JSON, and mean something else. */
function mutated(body: Uint8Array, at: number, byte: number, how: number): Uint8Array {
  const place = at % body.length;
  const before = body.subarray(0, place);
  const after = body.subarray(how === 2 ? place : place + 1);
  if (how === 0) return body;
  return Buffer.concat(how === 3 ? [before, after] : [before, Buffer.from([byte]), after]);
}

const mutation = [
  fc.nat(),
  fc.constantFrom(...Buffer.from('0123456789-.eE"\\{}[],: aé\0')),
  fc.nat(3),
] as const;
const id = fc.oneof(fc.maxSafeNat(), fc.nat(9), fc.integer(), fc.string());
const type = fc.oneof(
  fc.integer({ min: 2 ** 32, max: Number.MAX_SAFE_INTEGER }),
  fc.bigInt({ min: 2n ** 32n, max: 2n ** 63n - 1n }),
);
const moment = fc.oneof(
  fc.bigInt({ min: 10n ** 18n - 5n, max: 10n ** 18n + 5n }),
  fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n - 1n }),
  fc.bigInt({ min: -(10n ** 9n), max: 10n ** 12n }),
);
const asctime = fc.oneof(fc.constant('Fri Nov 20 09:09:00 2026'), fc.string(), fc.constant('Fri "x\\'));

test('a request is read the same whether byte by byte or by a JSON parser, also with a byte that is wrong', () => {
  fc.assert(
    fc.property(id, type, ...mutation, (anId, replyTo, ...how) => {
      const body = mutated(Buffer.from(requestText({ id: anId, replyTo })), ...how);
      assert.deepEqual(parseRequest(body), parseRequest(spaced(body)));
    }),
    { numRuns: 5000 },
  );
});

test('a time reply is read the same whether byte by byte or by a JSON parser, also with a byte that is wrong', () => {
  fc.assert(
    fc.property(id, moment, moment, asctime, ...mutation, (anId, sent, received, text, ...how) => {
      const reply = { kind: 'time', id: anId, time: sent, received, sent, asctime: text } as const;
      const body = mutated(buildReply(reply), ...how);
      assert.deepEqual(parseReply(body), parseReply(spaced(body)));
    }),
    { numRuns: 5000 },
  );
});

test('a time reply is written byte by byte as it is written as JSON, or left to be written so', () => {
  const writer = new TimeReplyWriter();
  let written = 0;
  fc.assert(
    fc.property(
      id,
      moment,
      fc.oneof(fc.nat(1e6), fc.integer({ min: -3, max: 2e9 })),
      asctime,
      (anId, sent, ago, text) => {
        const received = sent - BigInt(ago);
        const body = writer.write(anId, received, sent, text);
        if (body === undefined) return;
        written += 1;
        const reply = { kind: 'time', id: anId, time: sent, received, sent, asctime: text } as const;
        assert.deepEqual(Buffer.from(body).toString(), Buffer.from(buildReply(reply)).toString());
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(written > 200, `${written} written`);
});

test('replies of one second differ in their fractions and ids only, and each is whole', () => {
  const writer = new TimeReplyWriter();
  for (const [anId, fraction] of [
    [7, 0n],
    [12, 999_999_999n],
    [3, 1n],
    [123_456, 500n],
  ] as const) {
    const sent = 1_795_165_740_000_000_000n + fraction;
    const body = writer.write(anId, sent, sent, 'Fri Nov 20 09:09:00 2026');
    assert.deepEqual(parseReply(body ?? Buffer.of()), {
      kind: 'time',
      id: anId,
      time: sent,
      received: sent,
      sent,
      asctime: 'Fri Nov 20 09:09:00 2026',
    });
  }
});

test('a request for the time is written byte by byte as it is written as text, whatever was written before', () => {
  for (const replyTo of [2 ** 32, 2 ** 53 - 1]) {
    const writer = new TimeRequestWriter(replyTo);
    for (const anId of [1, 9, 10, 123_456_789, 11, 999_999_999_999_999, 0]) {
      const text = Buffer.from(writer.write(anId) ?? []).toString();
      assert.equal(text, requestText({ id: anId, replyTo }));
    }
    assert.equal(writer.write(1e15), undefined);
    assert.equal(writer.write(-1), undefined);
    assert.equal(writer.write(1.5), undefined);
  }
  assert.throws(() => new TimeRequestWriter(3), RangeError);
});
