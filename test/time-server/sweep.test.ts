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
      takenBack: (_type, count) => {
        taken += count;
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
