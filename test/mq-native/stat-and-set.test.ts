import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { IpcError, MessageQueue } from '@timeq/mq-native';
import { queueWithId } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { startSnippet } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { asNobody, reportCode, skipWithoutNobody } from './as-nobody.js';
import { privateQueue } from './queue.js';

test('stat tells all that the kernel knows about a queue', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key, { mode: 0o642 });
  const fresh = queue.stat();
  assert.deepEqual(
    { ...fresh, changeTime: 0 },
    {
      key,
      id: queue.id,
      mode: 0o642,
      bytes: 0,
      messages: 0,
      maxBytes: MessageQueue.limits().maxQueueBytes,
      uid: process.geteuid?.(),
      gid: process.getegid?.(),
      creatorUid: process.geteuid?.(),
      creatorGid: process.getegid?.(),
      lastSendPid: 0,
      lastReceivePid: 0,
      sendTime: 0,
      receiveTime: 0,
      changeTime: 0,
    },
  );
  assert.ok(fresh.changeTime > 1_600_000_000);

  await queue.send(1, 'some bytes');
  await queue.send(1, 'more');
  await queue.receive();
  const used = queue.stat();
  assert.equal(used.bytes, 4);
  assert.equal(used.messages, 1);
  assert.equal(used.lastSendPid, process.pid);
  assert.equal(used.lastReceivePid, process.pid);
  assert.equal(used.sendTime, queueWithId(queue.id)?.['stime']);
  assert.equal(used.receiveTime, queueWithId(queue.id)?.['rtime']);
  assert.ok(used.sendTime >= fresh.changeTime);
});

test('the last sender is the process, also when a thread of it has sent', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(1, '');
  const program = startSnippet(
    t,
    `import { MessageQueue } from '@timeq/mq-native';
    await MessageQueue.fromId(Number(process.argv[1])).send(2, '');`,
    [queue.id],
  );
  await untilBlocked('msgsnd', program.pid);
  queue.tryReceive();
  await program.exit();
  assert.equal(queue.stat().lastSendPid, program.pid);
});

test('set changes what is given and keeps the rest', (t) => {
  const queue = privateQueue(t, { mode: 0o600 });
  const before = queue.stat();
  queue.set({ mode: 0o644 });
  assert.deepEqual({ ...queue.stat(), changeTime: 0 }, { ...before, mode: 0o644, changeTime: 0 });
  queue.set({ maxBytes: 1234 });
  assert.deepEqual(
    { ...queue.stat(), changeTime: 0 },
    { ...before, mode: 0o644, maxBytes: 1234, changeTime: 0 },
  );
  queue.set({});
  assert.deepEqual(
    { ...queue.stat(), changeTime: 0 },
    { ...before, mode: 0o644, maxBytes: 1234, changeTime: 0 },
  );
});

test('set gives a queue to another owner and group', { skip: skipWithoutNobody }, (t) => {
  const queue = privateQueue(t);
  queue.set({ uid: 65534 });
  queue.set({ gid: 65533 });
  const { uid, gid, creatorUid, mode } = queue.stat();
  assert.deepEqual([uid, gid, creatorUid, mode], [65534, 65533, 0, 0o600]);
  assert.equal(queueWithId(queue.id)?.['uid'], 65534);
});

test('a send that waits is sent when maxBytes is raised', async (t) => {
  const queue = privateQueue(t, { maxBytes: 4 });
  await queue.send(1, '1234');
  const sending = queue.send(2, '5678');
  await untilBlocked('msgsnd');
  queue.set({ maxBytes: 8 });
  await sending;
  assert.equal(queue.stat().bytes, 8);
});

/** CAP_SYS_RESOURCE, which root may lack in a container: capabilities(7). */
function maySetAboveLimit(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${effective}`) & (1n << 24n)) !== 0n;
}

test('maxBytes goes above msgmnb only for those with CAP_SYS_RESOURCE', (t) => {
  const queue = privateQueue(t);
  const { maxQueueBytes } = MessageQueue.limits();
  if (maySetAboveLimit()) {
    queue.set({ maxBytes: 2 * maxQueueBytes });
    assert.equal(queue.stat().maxBytes, 2 * maxQueueBytes);
  } else {
    assert.throws(() => queue.set({ maxBytes: maxQueueBytes + 1 }), {
      code: 'EPERM',
      message: /CAP_SYS_RESOURCE/,
    });
    assert.equal(queue.stat().maxBytes, maxQueueBytes);
  }
});

test(
  'only the owner, the creator and root may set, and only root above msgmnb',
  { skip: skipWithoutNobody },
  async (t) => {
    const foreign = privateQueue(t, { mode: 0o666 });
    const { stdout, stderr } = await asNobody(
      t,
      `${reportCode}
    const foreign = mq.MessageQueue.fromId(Number(process.argv[1]));
    report(() => foreign.set({ mode: 0o777 }));
    const own = mq.MessageQueue.createPrivate();
    const { maxQueueBytes } = mq.MessageQueue.limits();
    report(() => own.set({ maxBytes: maxQueueBytes, mode: 0o660 }));
    report(() => own.set({ maxBytes: maxQueueBytes + 1 }));
    report(() => own.remove());`,
      [foreign.id],
    );
    assert.equal(stderr, '');
    const [mine, fine, above, removed] = stdout.trim().split('\n');
    assert.match(mine ?? '', /^EPERM EPERM: .*owner.*msgctl queue \d+/);
    assert.equal(fine, 'fine');
    assert.match(above ?? '', /^EPERM EPERM: .*msgctl queue .*msgmnb.*CAP_SYS_RESOURCE/);
    assert.equal(removed, 'fine');
  },
);

test('an invalid property is refused before anything is changed', (t) => {
  const queue = privateQueue(t);
  const before = queue.stat();
  const wrong = [
    ...[-1, 1.5, 2 ** 32].map((uid) => ({ uid })),
    ...[-1, 1.5, 2 ** 32].map((gid) => ({ gid })),
    ...[-1, 1.5, 0o1000, 600].map((mode) => ({ mode })),
    ...[-1, 1.5, 2 ** 31, 2 ** 32, 2 ** 40, Infinity].map((maxBytes) => ({ maxBytes })),
  ];
  for (const options of wrong) {
    assert.throws(() => queue.set({ mode: 0o666, ...options }), {
      name: 'RangeError',
      code: 'ERR_OUT_OF_RANGE',
    });
  }
  for (const name of ['uid', 'gid', 'mode', 'maxBytes']) {
    assert.throws(() => queue.set({ [name]: '5' }), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  }
  assert.deepEqual(queue.stat(), before);
});

test('a mode written without its 0o is refused, and the message says how it is written', () => {
  assert.throws(() => MessageQueue.createPrivate({ mode: 600 }), { name: 'RangeError', message: /0o600/ });
  assert.throws(() => MessageQueue.createPrivate({ mode: '600' as unknown as number }), {
    name: 'TypeError',
    message: /0o600/,
  });
});

test(
  'who may not read a queue gets its figures or a plain EACCES',
  { skip: skipWithoutNobody },
  async (t) => {
    const queue = privateQueue(t, { mode: 0o600 });
    const { stdout, stderr } = await asNobody(
      t,
      `try {
      console.log(mq.MessageQueue.fromId(Number(process.argv[1])).stat().mode.toString(8));
    } catch (error) {
      console.log(error.code);
    }`,
      [queue.id],
    );
    assert.equal(stderr, '');
    assert.match(stdout, /^(600|EACCES)\n$/);
  },
);

test('an IpcError of set names the queue', (t) => {
  const queue = privateQueue(t);
  queue.remove();
  assert.throws(
    () => queue.set({ mode: 0o600 }),
    (error) => error instanceof IpcError && error.id === queue.id && error.syscall === 'msgctl',
  );
});

test('whether a queue may be read is asked without opening it', { skip: skipWithoutNobody }, async (t) => {
  const [secret, open] = [0o600, 0o604].map((mode) => privateQueue(t, { mode }).id);
  const gone = MessageQueue.createPrivate();
  gone.remove();
  const source = 'console.log(...process.argv.slice(1).map((id) => mq.MessageQueue.isReadable(Number(id))));';
  const { stdout, stderr } = await asNobody(t, source, [secret ?? 0, open ?? 0, gone.id]);
  assert.deepEqual([stderr, stdout], ['', 'false true true\n']);
});
