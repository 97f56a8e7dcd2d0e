import assert from 'node:assert/strict';
import test from 'node:test';
import { asctime, buildRequest, parseReply, type Reply, type ServerStatus } from '@timeq/time-protocol';
import { Answerer, type Clocks } from '@timeq/time-server';

const NOON = 1795176000000000000n;

function makeAnswerer({ most = 8192 } = {}) {
  const clock = { wall: NOON, steady: 0n };
  const clocks: Clocks = {
    wall: () => clock.wall,
    steady: () => clock.steady,
    asctime: (second) => asctime(new Date(Number(second) * 1000)),
  };
  const transportStatus = {
    lost: { unread: 1, unsent: 2 },
    alarms: { pending: 1, rung: 2, late: 3, dropped: 4 },
    waiting: 3,
    reply: 'shared',
    onStop: 'exit',
    queue: null,
  } as const;
  const transport = { maxReplyBytes: () => most, status: () => transportStatus };
  return { answerer: new Answerer(clocks, '1.2.3', transport), clock, transportStatus };
}

test('a classic answer tells the time at which it is sent, not the one at which it was asked for', () => {
  const { answerer, clock } = makeAnswerer();
  const answer = answerer.answer(Buffer.alloc(0), clock.wall);
  assert.equal(answer.to, 'classic');
  assert.equal(text(answer.body(clock.wall)), 'Fri Nov 20 12:00:00 2026');
  clock.wall += 1_000_000_000n;
  assert.equal(text(answer.body(clock.wall)), 'Fri Nov 20 12:00:01 2026');
});

test('an addressed answer has the moment of receipt and that of sending', () => {
  const { answerer, clock } = makeAnswerer();
  const answer = answerer.answer(buildRequest({ id: 'x', replyTo: 2 ** 40 }), clock.wall);
  assert.ok(answer.to === 'addressed');
  assert.equal(answer.type, 2 ** 40);
  clock.wall += 5n;
  const expected: Reply = {
    kind: 'time',
    id: 'x',
    time: NOON + 5n,
    received: NOON,
    sent: NOON + 5n,
    asctime: 'Fri Nov 20 12:00:00 2026',
  };
  assert.deepEqual(parseReply(answer.body(clock.wall)), expected);
});

test('a clock that is set back is followed', () => {
  const { answerer, clock } = makeAnswerer();
  assert.equal(text(answerer.classicBody(clock.wall)), 'Fri Nov 20 12:00:00 2026');
  clock.wall -= 3_600_000_000_000n;
  assert.equal(text(answerer.classicBody(clock.wall)), 'Fri Nov 20 11:00:00 2026');
});

test('a status has what the answerer counts and what the transport knows', () => {
  const { answerer, clock, transportStatus } = makeAnswerer();
  answerer.answer(Buffer.from('classic'), clock.wall);
  answerer.answer(buildRequest({ id: 1, replyTo: 2 ** 40 }), clock.wall);
  answerer.answer(Buffer.from('{"timeq":1,"replyTo":4294967296}'), clock.wall);
  clock.steady = 7n;
  const answer = answerer.answer(buildRequest({ id: 2, replyTo: 2 ** 40, ask: 'status' }), clock.wall);
  const reply = parseReply(answer.body(clock.wall));
  const expected: ServerStatus = {
    pid: process.pid,
    version: '1.2.3',
    startedAt: String(NOON),
    uptimeNs: '7',
    served: { classic: 1, addressed: 1, status: 1, refused: 1 },
    ...transportStatus,
  };
  assert.ok(reply?.kind === 'status');
  assert.deepEqual(reply.status, expected);
});

test('a reply that would not fit is an error that does', () => {
  const { answerer, clock } = makeAnswerer({ most: 180 });
  const answer = answerer.answer(buildRequest({ id: 'x'.repeat(100), replyTo: 2 ** 40 }), clock.wall);
  const body = answer.body(clock.wall);
  const reply = parseReply(body);
  assert.ok(body.byteLength <= 180 && reply?.kind === 'error', text(body));
  assert.equal(reply.error.code, 'REPLY_TOO_LONG');
});

function text(body: Uint8Array): string {
  return Buffer.from(body).toString();
}
