import assert from 'node:assert/strict';
import test from 'node:test';
import type * as Module from '../../packages/time-server/dist/queue/unread-replies.js';
import { drain, privateQueue } from '../mq-native/queue.js';

/** The package does not export it. */
const { SWEEP_MS, UnreadReplies } = (await import(
  new URL('../../../packages/time-server/dist/queue/unread-replies.js', import.meta.url).href
)) as typeof Module;

test('of old and new replies at one type the old ones are removed, and the new ones when they are old', (t) => {
  const queue = privateQueue(t);
  let [now, taken] = [0, 0];
  const unread = new UnreadReplies(
    {
      isReply: () => true,
      isFresh: ({ body }) => now - Number(body) <= 2000,
      sendAgain: ({ type, body }) => {
        queue.sendSync(type, body);
      },
      takenBack: (messages) => {
        taken += messages.length;
      },
      madeRoom: () => undefined,
    },
    () => now,
  );
  const send = (count: number): void => {
    for (let reply = 0; reply < count; reply += 1) queue.sendSync(3, String(now));
    unread.sent(3, count);
  };
  const sweep = (until: number): void => {
    for (; now < until; now += SWEEP_MS) unread.sweep(queue);
  };
  send(5);
  sweep(1500);
  assert.equal(taken, 0);
  send(2);
  sweep(3000);
  assert.equal(taken, 5);
  assert.deepEqual(drain(queue), [3, 3]);
  send(1);
  sweep(6000);
  assert.equal(taken, 6);
  assert.equal(unread.any, false);
});

test('a reply that makes room is sent again when there is room, also at a type at which many were read lately', (t) => {
  const queue = privateQueue(t);
  let [now, lost] = [0, 0];
  const later: string[] = [];
  const unread = new UnreadReplies(
    {
      isReply: () => true,
      isFresh: ({ body }, milliseconds) => now - Number(body) <= milliseconds,
      sendAgain: ({ type, body }) => {
        queue.sendSync(type, body);
      },
      takenBack: (messages) => {
        lost += messages.length;
      },
      madeRoom: (messages) => {
        for (const { body } of messages) later.push(body.toString());
      },
    },
    () => now,
  );
  const type = 2 ** 40;
  for (; now < 100; now += 1) {
    queue.sendSync(type, String(now));
    unread.sent(type, 1);
    queue.tryReceive({ type });
  }
  queue.sendSync(type, '100');
  unread.sent(type, 1);
  now = 131;
  // Its next reply was sent a moment ago.
  unread.sent(type, 1);
  queue.sendSync(type, '131');
  unread.makeRoom(queue, () => true);
  assert.deepEqual({ later, lost }, { later: ['100'], lost: 0 });
  assert.deepEqual(drain(queue), [type]);
});
