import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { MessageQueue, type Message } from '@timeq/mq-native';
import { copyQueue } from '@timeq/ipctools';
import { trackQueue } from '../../helpers/tracking.js';

/** A queue in which `change` is done each time when the messages have just been read, before it is looked at again. */
function restless(t: TestContext, change: (queue: MessageQueue, time: number) => void): MessageQueue {
  const queue = trackQueue(t, MessageQueue.createPrivate());
  queue.trySend(1, 'first');
  queue.trySend(1, 'second');
  // oxlint-disable-next-line typescript/unbound-method -- it is called on its queue
  const { peekAll } = MessageQueue.prototype;
  let time = 0;
  t.mock.method(MessageQueue.prototype, 'peekAll', function* (this: MessageQueue): Generator<Message> {
    yield* peekAll.call(this);
    time += 1;
    change(queue, time);
  });
  return queue;
}

function bodies(queue: MessageQueue): string[] {
  return copyQueue(queue).messages.map(({ body }) => body.toString());
}

test('a queue that was sent to while it was copied is copied again, with what was sent', (t) => {
  const queue = restless(t, (changed, time) => {
    if (time < 4) changed.trySend(1, `new ${time}`);
  });
  assert.deepEqual(bodies(queue), ['first', 'second', 'new 1', 'new 2', 'new 3']);
});

test('a message that was taken while its queue was copied is not in the copy', (t) => {
  const queue = restless(t, (changed, time) => {
    if (time === 1) changed.tryReceive();
  });
  assert.deepEqual(bodies(queue), ['second']);
});

test('one taken and one sent meanwhile are noticed, though there are as many as before', (t) => {
  const queue = restless(t, (changed, time) => {
    if (time > 1) return;
    changed.tryReceive();
    changed.trySend(1, 'third');
  });
  assert.deepEqual(bodies(queue), ['second', 'third']);
});

test('a queue that does not keep still is not copied, and that is said', (t) => {
  const queue = restless(t, (changed) => changed.trySend(1, 'more'));
  assert.throws(() => bodies(queue), /changes while it is copied; try again when it is idle/);
});
