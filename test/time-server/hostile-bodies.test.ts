import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { queueAt } from '../helpers/kernel-table.js';
import { ASCTIME, askClassic, askStatus, ownServer } from './server.js';

test('whatever the bytes of a body, up to msgmax, it gets a classic reply and the server goes on', async (t) => {
  const { key, queue } = await ownServer(t);
  const most = Math.min(MessageQueue.limits().maxMessageBytes, queue.stat().maxBytes);
  const bodies = [
    ...Array.from({ length: 200 }, () => randomBytes(randomInt(0, 300))),
    randomBytes(most),
    Buffer.alloc(most),
    Buffer.from('{'.repeat(most)),
    Buffer.from('['.repeat(most)),
    Buffer.from('{"timeq":1,"id":'.repeat(most).slice(0, most)),
    Buffer.from(`{"timeq":1,"x":${'9'.repeat(most - 16)}}`),
    Buffer.from('{"timeq":1,"id":1,"replyTo":1}'),
    Buffer.from('{"timeq":1,"id":1,"replyTo":2}'),
    Buffer.from('{"timeq":1,"id":1,"replyTo":3}'),
    Buffer.from('{"timeq":1,"id":1,"replyTo":"99999999999999999999"}'),
    Buffer.from('{"__proto__":{"timeq":1,"replyTo":4294967296},"toString":1}'),
    Buffer.from('\0'),
    Buffer.from('-1'),
  ];
  for (const body of bodies) assert.match(await askClassic(queue, body), ASCTIME);
  assert.equal((await askStatus(queue)).served.classic, bodies.length);
  assert.equal(queueAt(key)?.['qnum'], 0);
});
