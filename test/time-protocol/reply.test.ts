import assert from 'node:assert/strict';
import test from 'node:test';
import { buildReply, failure, parseReply, type Reply, type ServerStatus } from '@timeq/time-protocol';

const moment = 1795165740123456789n;

const status: ServerStatus = {
  pid: 17,
  version: '0.1.0',
  startedAt: '1795165740123456789',
  uptimeNs: '1234567890123',
  served: { classic: 1, addressed: 2, status: 3, refused: 4 },
  lost: { unread: 5, unsent: 6 },
  alarms: { pending: 1, rung: 2, late: 3, dropped: 4 },
  waiting: 0,
  reply: 'shared',
  onStop: 'exit',
  queue: { id: 5, key: 128, mode: '0600', messages: 1, bytes: 2, maxBytes: 16384 },
};

test('replies are read as they were built, and no nanosecond is lost', () => {
  const replies: Reply[] = [
    { kind: 'time', id: 'ä"', time: moment, received: moment - 1n, sent: moment + 1n, asctime: 'Fri Nov 20' },
    { kind: 'status', id: 9, status, received: moment, sent: moment },
    { kind: 'error', id: 'x', error: failure('UNKNOWN_ASK', 'no') },
    { kind: 'error', id: null, error: failure('BAD_ID', 'no'), sent: moment },
  ];
  for (const reply of replies) assert.deepEqual(parseReply(buildReply(reply)), reply);
});

test('a time reply is JSON with its nanoseconds as strings', () => {
  const reply: Reply = { kind: 'time', id: 1, time: moment, received: 4n, sent: 6n, asctime: 'then' };
  assert.deepEqual(JSON.parse(Buffer.from(buildReply(reply)).toString()), {
    timeq: 1,
    id: 1,
    time: '1795165740123456789',
    received: '4',
    sent: '6',
    asctime: 'then',
  });
});

test('a body that is not a reply is undefined, whatever it is', () => {
  const bodies = [
    '',
    'Fri Nov 20 09:09:00 2026',
    '{"timeq":2,"id":1,"time":"1","received":"1","sent":"1","asctime":""}',
    '{"timeq":1,"id":1,"time":1,"received":"1","sent":"1","asctime":""}',
    '{"timeq":1,"id":1,"time":"1","received":"1","sent":"1"}',
    '{"timeq":1,"id":null,"time":"1","received":"1","sent":"1","asctime":""}',
    '{"timeq":1,"id":1,"error":{"code":5,"message":""}}',
    '{"timeq":1,"id":{},"error":{"code":"X","message":""}}',
    '{"timeq":1,"id":1,"status":[],"received":"1","sent":"1"}',
  ];
  for (const body of bodies) assert.equal(parseReply(Buffer.from(body)), undefined, body);
});
