import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type IpcObject } from '@timeq/ipctools';
import { lookAgain } from '#ipctools/model/ipc-object';
import { MessageQueue } from '@timeq/mq-native';
import { freshKey } from '../../helpers/keys.js';
import { untilSettled } from '#ipctools/cleaning/settled';

test('after a use in the current second it waits, so that a later use shows', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  for (;;) {
    queue.trySend(1, '');
    const { sendTime } = queue.stat();
    const waited = await untilSettled([{ kind: 'queue', entry: queue.stat() }]);
    // A machine that was busy for a second has nothing to wait for.
    if (!waited) {
      assert.ok(Date.now() / 1000 > sendTime + 1);
      continue;
    }
    queue.trySend(1, '');
    assert.notEqual(queue.stat().sendTime, sendTime);
    return;
  }
});

test('it does not wait for an earlier use, nor for a time that a clock left in the future', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const object = lookAgain({ kind: 'queue', entry: queue.stat() }) as Extract<IpcObject, { kind: 'queue' }>;
  const now = Math.floor(Date.now() / 1000);
  const changedAt = (changeTime: number): IpcObject => ({
    kind: 'queue',
    entry: { ...object.entry, changeTime, sendTime: 0, receiveTime: 0 },
  });
  const settled = untilSettled([changedAt(now - 60), changedAt(now + 3600)]);
  assert.equal(await Promise.race([settled, nextTurn('it waits')]), false);
  assert.equal(await untilSettled([]), false);
});
