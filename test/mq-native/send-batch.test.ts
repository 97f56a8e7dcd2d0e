import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageQueue, type OutgoingMessage } from '@timeq/mq-native';
import { asNobody, reportCode, skipWithoutNobody } from './as-nobody.js';
import { drain, privateQueue } from './queue.js';

function message(type: number | bigint, body: string | Uint8Array): OutgoingMessage {
  return { type, body };
}

test('a batch is sent in order, with types of 64 bits and bodies of every kind', (t) => {
  const queue = privateQueue(t);
  const messages = [
    message(7, 'text \u00fc \u{1f552}'),
    message(2 ** 40, Buffer.from([0, 255, 0])),
    message(2n ** 63n - 1n, ''),
    message(1n, new Uint8Array(17).fill(9)),
    message(2 ** 53 - 1, new Uint8Array([1, 2, 3, 4]).subarray(1, 3)),
  ];
  assert.equal(queue.trySendBatch(messages), 5);
  assert.deepEqual(
    queue.receiveBatch().map(({ type, body }) => [type, body.toString('latin1')]),
    messages.map(({ type, body }) => [
      type === 1n ? 1 : type,
      Buffer.from(body as Uint8Array).toString('latin1'),
    ]),
  );
});

test('received messages can be sent as they are', (t) => {
  const from = privateQueue(t);
  const to = privateQueue(t);
  for (let type = 1; type <= 10; type++) from.sendSync(type, 'x'.repeat(type));
  const messages = from.receiveBatch();
  assert.equal(to.trySendBatch(messages), 10);
  assert.deepEqual(to.receiveBatch(), messages);
});

test('a batch of nothing sends nothing', (t) => {
  assert.equal(privateQueue(t).trySendBatch([]), 0);
});

test('more messages than go to the kernel in one call are all sent, in order', (t) => {
  const queue = privateQueue(t);
  const types = Array.from({ length: 1000 }, (_, index) => index + 1);
  assert.equal(queue.trySendBatch(types.map((type) => message(type, ''))), 1000);
  assert.deepEqual(drain(queue), types);
});

test('a batch ends at the first message for which there is no room', (t) => {
  const queue = privateQueue(t, { maxBytes: 100 });
  const messages = [message(1, 'x'.repeat(60)), message(2, 'x'.repeat(41)), message(3, '')];
  assert.equal(queue.trySendBatch(messages), 1);
  assert.equal(queue.trySendBatch(messages.slice(1)), 0);
  assert.deepEqual(drain(queue), [1]);
  assert.equal(queue.trySendBatch(messages.slice(1)), 2);
});

test('empty messages fill a queue, too: it holds as many as it holds bytes', (t) => {
  const queue = privateQueue(t, { maxBytes: 70 });
  const messages = Array.from({ length: 200 }, () => message(1, ''));
  assert.equal(queue.trySendBatch(messages), 70);
});

test('large bodies go out by as many calls as it takes', (t) => {
  const queue = privateQueue(t);
  const most = MessageQueue.limits().maxMessageBytes;
  const { maxBytes } = queue.stat();
  const fit = Math.floor(maxBytes / most);
  const messages = Array.from({ length: fit + 1 }, (_, index) =>
    message(index + 1, Buffer.alloc(most, index)),
  );
  assert.equal(queue.trySendBatch(messages), fit);
  for (let index = 0; index < fit; index++) {
    assert.deepEqual(queue.tryReceive()?.body, Buffer.alloc(most, index));
  }
});

test('a body above msgmax is an error when it is the first, and the end of the batch when it is not', (t) => {
  const queue = privateQueue(t);
  for (const above of [1, 100_000]) {
    const long = message(2, Buffer.alloc(MessageQueue.limits().maxMessageBytes + above));
    assert.equal(queue.trySendBatch([message(1, 'a'), long, message(3, 'c')]), 1);
    assert.throws(() => queue.trySendBatch([long, message(3, 'c')]), { code: 'EINVAL', syscall: 'msgsnd' });
    assert.deepEqual(drain(queue), [1]);
  }
});

test('nothing is sent if one of a batch is no message, and the error says which', (t) => {
  const queue = privateQueue(t);
  const wrong: [unknown, string, RegExp][] = [
    [undefined, 'ERR_INVALID_ARG_TYPE', /"messages\[1\]"/],
    [null, 'ERR_INVALID_ARG_TYPE', /"messages\[1\]"/],
    ['text', 'ERR_INVALID_ARG_TYPE', /"messages\[1\]"/],
    [{ type: 1 }, 'ERR_INVALID_ARG_TYPE', /"messages\[1\]\.body"/],
    [{ type: 1, body: 5 }, 'ERR_INVALID_ARG_TYPE', /"messages\[1\]\.body"/],
    [{ type: '1', body: '' }, 'ERR_INVALID_ARG_TYPE', /"messages\[1\]\.type"/],
    [{ type: 0, body: Buffer.alloc(1) }, 'ERR_OUT_OF_RANGE', /"messages\[1\]\.type"/],
    [{ type: 1.5, body: Buffer.alloc(1) }, 'ERR_OUT_OF_RANGE', /"messages\[1\]\.type"/],
    [{ type: 2 ** 53, body: '' }, 'ERR_OUT_OF_RANGE', /"messages\[1\]\.type"/],
    [{ type: 2n ** 63n, body: '' }, 'ERR_OUT_OF_RANGE', /"messages\[1\]\.type"/],
  ];
  for (const [each, code, sentence] of wrong) {
    assert.throws(() => queue.trySendBatch([message(1, ''), each as OutgoingMessage]), {
      code,
      message: sentence,
    });
  }
  for (const each of [undefined, message(1, ''), 'text', new Set()]) {
    assert.throws(() => queue.trySendBatch(each as unknown as OutgoingMessage[]), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
  assert.deepEqual(queue.receiveBatch(), []);
});

test('a batch does not overtake sends that wait', async (t) => {
  const queue = privateQueue(t, { maxBytes: 4 });
  queue.sendSync(1, 'full');
  const waiting = queue.send(2, 'next');
  assert.equal(queue.trySendBatch([message(3, '')]), 0);
  assert.deepEqual(drain(queue), [1]);
  await waiting;
  assert.deepEqual(drain(queue), [2]);
});

test('a batch to a queue that is gone, or by a handle that is closed, is an error', (t) => {
  const queue = privateQueue(t);
  const gone = MessageQueue.createPrivate();
  gone.remove();
  assert.throws(() => gone.trySendBatch([message(1, '')]), { name: 'GoneError', code: 'EIDRM' });
  gone.close();
  queue.close();
  assert.throws(() => queue.trySendBatch([message(1, '')]), { code: 'ECANCELED' });
});

test("the bodies of a batch are the caller's again at once", (t) => {
  const queue = privateQueue(t);
  const body = Buffer.from('before, and long enough to be copied at once');
  const expected = Buffer.from(body);
  assert.equal(queue.trySendBatch([message(1, body), message(1, body)]), 2);
  body.fill(0);
  assert.deepEqual(
    queue.receiveBatch().map((each) => each.body),
    [expected, expected],
  );
});

test(
  'a batch that may not be sent is an EACCES, and nothing of it is sent',
  { skip: skipWithoutNobody },
  async (t) => {
    const queue = privateQueue(t, { mode: 0o644 });
    const { stdout, stderr } = await asNobody(
      t,
      `${reportCode}
    const queue = mq.MessageQueue.fromId(Number(process.argv[1]));
    report(() => queue.trySendBatch([{ type: 1, body: 'a' }, { type: 2, body: 'b' }]));`,
      [queue.id],
    );
    assert.equal(stderr, '');
    assert.match(stdout, /^EACCES /);
    assert.deepEqual(drain(queue), []);
  },
);
