import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { IpcError, MessageQueue } from '@timeq/mq-native';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { root, snippetCommand } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { untilBlocked } from '../helpers/threads.js';
import { drain, privateQueue } from './queue.js';

const { maxMessageBytes } = MessageQueue.limits();

test('bodies of every length near a boundary come back as they were', async (t) => {
  const queue = privateQueue(t);
  const lengths = [0, 1, 2, 7, 8, 9, 15, 16, 17, 255, 256, 4095, 4096, maxMessageBytes - 1, maxMessageBytes];
  for (const length of lengths.filter((each) => each <= maxMessageBytes)) {
    const body = randomBytes(length);
    await queue.send(1, body);
    assert.deepEqual((await queue.receive()).body, body);
    queue.sendSync(1, body);
    assert.deepEqual(queue.receiveSync().body, body);
    queue.trySend(1, body);
    assert.deepEqual(queue.peek()?.body, body);
    assert.deepEqual(queue.receiveBatch()[0]?.body, body);
  }
});

test('a body of exactly msgmax comes through a thread that waits, on either side', async (t) => {
  const queue = privateQueue(t);
  const body = randomBytes(maxMessageBytes);
  const receiving = queue.receive();
  await untilBlocked('msgrcv');
  await queue.send(1, body);
  assert.deepEqual((await receiving).body, body);

  queue.set({ maxBytes: maxMessageBytes });
  await queue.send(1, body);
  const sending = queue.send(2, body);
  await untilBlocked('msgsnd');
  queue.tryReceive();
  await sending;
  assert.deepEqual(queue.tryReceive()?.body, body);
});

test('a body above msgmax is EINVAL in every form, and the error tells both sizes', async (t) => {
  const queue = privateQueue(t);
  const size = maxMessageBytes + 1;
  const check = (error: unknown): true => {
    assert.ok(error instanceof IpcError);
    assert.equal(error.code, 'EINVAL');
    assert.equal(error.syscall, 'msgsnd');
    assert.match(error.message, new RegExp(`\\b${size}\\b.*\\b${maxMessageBytes}\\b.*msgmax`));
    assert.ok(error.hint);
    return true;
  };
  for (const body of [
    Buffer.alloc(size),
    'x'.repeat(size),
    Buffer.alloc(100 * size),
    'ü'.repeat(size / 2 + 1),
  ]) {
    if (Buffer.byteLength(body) !== size) {
      assert.throws(() => queue.trySend(1, body), { code: 'EINVAL' });
      continue;
    }
    await assert.rejects(queue.send(1, body), check);
    assert.throws(() => queue.trySend(1, body), check);
    assert.throws(() => queue.sendSync(1, body), check);
  }
  assert.deepEqual(drain(queue), []);
});

test('a string whose bytes just fit is sent, however many bytes its characters have', async (t) => {
  const queue = privateQueue(t);
  for (const character of ['a', 'ü', '時', '🕰']) {
    const text = character.repeat(Math.floor(maxMessageBytes / Buffer.byteLength(character)));
    await queue.send(1, text);
    assert.equal((await queue.receive()).body.toString(), text);
  }
});

test('a body that is neither bytes nor a string is refused by every form', async (t) => {
  const queue = privateQueue(t);
  for (const body of [
    5,
    undefined,
    null,
    {},
    [1, 2],
    new ArrayBuffer(2),
    new Uint16Array(1),
    new DataView(new ArrayBuffer(1)),
  ]) {
    const expected = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
    await assert.rejects(queue.send(1, body as string), expected);
    assert.throws(() => queue.trySend(1, body as string), expected);
    assert.throws(() => queue.sendSync(1, body as string), expected);
  }
  assert.deepEqual(drain(queue), []);
});

test('a message longer than maxBytes is E2BIG and stays in the queue', async (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, '12345');
  const check = (error: unknown): true => {
    assert.ok(error instanceof IpcError);
    assert.equal(error.code, 'E2BIG');
    assert.equal(error.syscall, 'msgrcv');
    assert.match(error.message, /\b4\b/);
    return true;
  };
  await assert.rejects(queue.receive({ maxBytes: 4 }), check);
  assert.throws(() => queue.tryReceive({ maxBytes: 4 }), check);
  assert.throws(() => queue.receiveSync({ maxBytes: 4 }), check);
  assert.throws(() => queue.tryReceive({ maxBytes: 0 }), { code: 'E2BIG' });
  assert.equal(queue.tryReceive({ maxBytes: 5 })?.body.toString(), '12345');
});

test('a receive that waits is E2BIG as well when a message comes that is too long for it', async (t) => {
  const queue = privateQueue(t);
  for (const maxBytes of [0, 4]) {
    const receiving = queue.receive({ maxBytes });
    await untilBlocked('msgrcv');
    queue.sendSync(1, '12345');
    await assert.rejects(receiving, { code: 'E2BIG' });
    assert.equal(queue.tryReceive()?.body.toString(), '12345');
  }
});

test('of two waits for the same type, the one for which a message is too long leaves it to the other', async (t) => {
  const queue = privateQueue(t);
  const small = assert.rejects(queue.receive({ maxBytes: 4 }), { code: 'E2BIG' });
  const large = queue.receive({ maxBytes: 5 });
  await untilBlocked('msgrcv');
  queue.sendSync(1, '12345');
  await small;
  assert.equal((await large).body.toString(), '12345');
});

test('with truncate a longer message is taken and cut', async (t) => {
  const queue = privateQueue(t);
  const options = { maxBytes: 3, truncate: true };
  for (let count = 0; count < 3; count++) queue.sendSync(1, '12345');
  assert.equal((await queue.receive(options)).body.toString(), '123');
  assert.equal(queue.tryReceive(options)?.body.toString(), '123');
  assert.equal(queue.receiveSync(options).body.toString(), '123');
  assert.deepEqual(drain(queue), []);
  for (const maxBytes of [0, 3]) {
    const receiving = queue.receive({ maxBytes, truncate: true });
    await untilBlocked('msgrcv');
    queue.sendSync(1, '12345');
    assert.equal((await receiving).body.toString(), '12345'.slice(0, maxBytes));
    assert.deepEqual(drain(queue), []);
  }
});

test('a shorter message is as it is, whatever maxBytes and truncate', (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, '12');
  assert.equal(queue.tryReceive({ maxBytes: 2 ** 20 })?.body.toString(), '12');
  queue.sendSync(1, '12');
  assert.equal(queue.tryReceive({ maxBytes: 3, truncate: true })?.body.toString(), '12');
});

test('a maxBytes that is no number of bytes is refused', (t) => {
  const queue = privateQueue(t);
  for (const maxBytes of [-1, 1.5, Number.NaN, 2 ** 31]) {
    assert.throws(() => queue.tryReceive({ maxBytes }), { code: 'ERR_OUT_OF_RANGE' });
  }
  assert.throws(() => queue.tryReceive({ maxBytes: '5' as unknown as number }), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
});

/** Runs a piece of JavaScript in which msgmax is changed with setLimit(bytes) while it runs. */
async function withChangingLimit(t: TestContext, source: string): Promise<void> {
  const text = `import assert from 'node:assert/strict';
    import { writeFileSync } from 'node:fs';
    import { MessageQueue } from '@timeq/mq-native';
    import { untilBlocked } from ${JSON.stringify(import.meta.resolve('../helpers/threads.js'))};
    const setLimit = (bytes) => writeFileSync('/proc/sys/kernel/msgmax', String(bytes));
    const queue = MessageQueue.createPrivate();
    ${source}`;
  const [command, commandArguments] = inOwnNamespace(process.execPath, snippetCommand(text), {
    msgmax: 1000,
    msgmnb: 4_000_000,
  });
  const { code, stderr } = await run(t, command, commandArguments, { cwd: root });
  assert.deepEqual([stderr, code], ['', 0]);
}

test(
  'no message is too large to be taken, also when msgmax was raised since',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    await withChangingLimit(
      t,
      `const body = Buffer.alloc(300000, 'abcdefg');
    setLimit(300000);
    const receives = [
      () => queue.receive(),
      () => queue.tryReceive(),
      () => queue.receiveSync(),
      () => queue.receiveSync({ timeout: 60000 }),
      () => queue.receiveBatch()[0],
      async () => (await queue.messages().next()).value,
    ];
    for (const receive of receives) {
      await queue.send(1, body);
      assert.deepEqual(queue.peek().body, body);
      assert.deepEqual((await receive()).body, body);
    }
    const receiving = queue.receive();
    await untilBlocked('msgrcv');
    queue.sendSync(1, body);
    assert.deepEqual((await receiving).body, body);
    assert.equal(MessageQueue.limits().maxMessageBytes, 300000);`,
    );
  },
);

test(
  'a batch has small and large messages in order, also when msgmax was raised since',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    await withChangingLimit(
      t,
      `setLimit(400000);
    const lengths = [5, 0, 400000, 1000, 1001, 7, 399999, 3];
    for (const length of lengths) queue.sendSync(1 + length, Buffer.alloc(length, 'x'));
    const taken = [];
    for (let batch = queue.receiveBatch(); batch.length > 0; batch = queue.receiveBatch()) taken.push(...batch);
    assert.deepEqual(taken.map(({ body }) => body.length), lengths);
    assert.deepEqual(taken.map(({ type }) => type - 1), lengths);`,
    );
  },
);

test(
  'a message above msgmax, since that was lowered, is taken and seen',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    await withChangingLimit(
      t,
      `setLimit(50000);
    const body = Buffer.alloc(50000, 'x');
    for (let count = 0; count < 4; count++) queue.sendSync(1, body);
    setLimit(1000);
    assert.deepEqual(queue.tryReceive().body, body);
    assert.deepEqual((await queue.receive()).body, body);
    assert.deepEqual(queue.receiveBatch({ max: 1 })[0].body, body);
    assert.deepEqual(queue.receiveSync().body, body);
    assert.throws(() => queue.trySend(1, body), { code: 'EINVAL' });`,
    );
  },
);
