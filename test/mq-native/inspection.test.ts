import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { EventFlag, Lock, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { trackQueue, trackSegment, trackSemaphores } from '../helpers/tracking.js';
import { privateQueue } from './queue.js';

test('console.log shows a queue with its id, its key as people write it, and what waits', async (t) => {
  const key = freshKey(t);
  using queue = MessageQueue.create(key);
  const named = `id: ${queue.id}, key: 0x${key.toString(16)}`;
  assert.equal(inspect(queue), `MessageQueue { ${named}, receives: 0, sends: 0 }`);

  const ended = Promise.allSettled([
    queue.receive({ type: 1 }),
    queue.receive({ type: 1 }),
    queue.receive({ except: 1 }),
  ]);
  assert.equal(inspect(queue), `MessageQueue { ${named}, receives: 3, sends: 0 }`);
  const full = privateQueue(t, { maxBytes: 1 });
  full.trySend(1, 'x');
  const sent = full.send(1, 'y');
  assert.match(inspect({ full }, { depth: 0 }), /receives: 0, sends: 1 \}\s\}$/);
  full.tryReceive();
  queue.close();
  await Promise.all([ended, sent]);
  assert.equal(inspect(queue), `MessageQueue { ${named}, closed: true }`);
});

test('console.log shows private sets, segments and locks, and what waits for them', async (t) => {
  const set = trackSemaphores(t, SemaphoreSet.createPrivate({ count: 2 }));
  const waiting = set.operate([{ delta: -1 }]);
  assert.equal(inspect(set), `SemaphoreSet { id: ${set.id}, key: IPC_PRIVATE, operations: 1 }`);
  set.setValue(0, 1);
  await waiting;
  assert.equal(inspect(set), `SemaphoreSet { id: ${set.id}, key: IPC_PRIVATE, operations: 0 }`);

  const segment = trackSegment(t, SharedMemory.createPrivate({ bytes: 8 }));
  assert.equal(inspect(segment), `SharedMemory { id: ${segment.id}, key: IPC_PRIVATE, viewed: false }`);
  segment.view(Uint8Array);
  assert.equal(inspect(segment), `SharedMemory { id: ${segment.id}, key: IPC_PRIVATE, viewed: true }`);
  segment.close();
  assert.equal(inspect(segment), `SharedMemory { id: ${segment.id}, key: IPC_PRIVATE, closed: true }`);

  for (const primitive of [Lock.createPrivate(), EventFlag.createPrivate()]) {
    trackSemaphores(t, primitive);
    const name = primitive.constructor.name;
    assert.equal(inspect(primitive), `${name} { id: ${primitive.id}, key: IPC_PRIVATE, operations: 0 }`);
  }
});

test('a queue inside of another object is shown as well, in colours if they are as they are asked for', (t) => {
  const queue = privateQueue(t);
  class Inbox {
    readonly queue = queue;
  }
  assert.match(inspect(new Inbox()), /^Inbox \{\s+queue: MessageQueue \{ id: /);
  assert.ok(inspect(trackQueue(t, queue), { colors: true }).includes(`\u001b[33m${queue.id}\u001b[39m`));
});
