import assert from 'node:assert/strict';
import test from 'node:test';
import {
  buildReply,
  buildRequest,
  parseReply,
  parseRequest,
  type AlarmAsk,
  type Reply,
} from '@timeq/time-protocol';

const moment = 1795165740123456789n;
const head = { id: 'a', replyTo: 2 ** 40 } as const;

test('requests about alarms are read as they were built', () => {
  const asks: AlarmAsk[] = [
    { ask: 'alarm', plan: { at: moment } },
    { ask: 'alarm', plan: { every: 1_000_000n } },
    { ask: 'alarm', plan: { every: 10n ** 18n, from: -moment, count: 3 } },
    { ask: 'cancel', alarm: undefined },
    { ask: 'cancel', alarm: 7 },
    { ask: 'alarms', after: undefined },
    { ask: 'alarms', after: 32 },
  ];
  for (const ask of asks) {
    assert.deepEqual(parseRequest(buildRequest({ ...head, ...ask })), { kind: 'addressed', ...head, ...ask });
  }
});

test('an alarm that is none is refused with a sentence that says what to write', () => {
  const refused: readonly (readonly [object, RegExp])[] = [
    [{}, /^an alarm needs either "at" or "every"$/],
    [{ at: '1', every: '1000000' }, /^an alarm needs either/],
    [{ at: 1795165740 }, /^"at" must be nanoseconds in a string of decimals/],
    [{ at: '1e9' }, /^"at" must be/],
    [{ every: '10s' }, /^"every" must be nanoseconds/],
    [{ every: '999999' }, /^"every" must be 1000000 \(a millisecond\) or more$/],
    [{ every: '-1000000' }, /or more$/],
    [{ every: '1000000', from: 5 }, /^"from" must be/],
    [{ every: '1000000', count: 0 }, /^"count" must be a whole number from 1 up$/],
    [{ every: '1000000', count: '3' }, /^"count" must be/],
  ];
  for (const [fields, sentence] of refused) {
    const request = parseRequest(Buffer.from(JSON.stringify({ timeq: 1, ...head, ask: 'alarm', ...fields })));
    assert.ok(request.kind === 'refused', JSON.stringify(fields));
    assert.equal(request.error.code, 'BAD_ALARM');
    assert.match(request.error.message, sentence);
  }
});

test('answers about alarms, and alarms themselves, are read as they were built', () => {
  const answer = { id: 'ä"', received: moment, sent: moment + 1n };
  const clock = { name: 'rate:60', machine: moment };
  const replies: Reply[] = [
    { kind: 'alarm', alarm: 7, next: moment, ...answer },
    { kind: 'cancel', cancelled: 0, ...answer, clock },
    { kind: 'alarms', alarms: [], more: false, ...answer },
    {
      kind: 'alarms',
      alarms: [
        { alarm: 1, next: moment, turn: 1 },
        { alarm: 2, next: moment, turn: 5, every: 10n ** 9n, count: 9 },
      ],
      more: true,
      ...answer,
    },
    { kind: 'ring', id: 1, alarm: 7, turn: 2, at: moment, sent: moment },
    { kind: 'ring', id: 1, alarm: 7, turn: 2, at: moment, next: moment, skipped: 3, sent: moment, clock },
  ];
  for (const reply of replies) assert.deepEqual(parseReply(buildReply(reply)), reply);
});

test('a list with an entry that is none is no reply', () => {
  for (const entry of ['null', '{}', '{"alarm":1,"next":5,"turn":1}', '{"alarm":0,"next":"5","turn":1}']) {
    const body = `{"timeq":1,"id":1,"alarms":[${entry}],"more":false,"received":"1","sent":"2"}`;
    assert.equal(parseReply(Buffer.from(body)), undefined, entry);
  }
});
