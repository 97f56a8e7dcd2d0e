import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { IpcNamespace, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { deadline } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { inOwnNamespace, skipWithoutEntering } from '../helpers/namespace.js';
import { snippetCommand } from '../helpers/node.js';
import { start } from '../helpers/process.js';
import { startWorker } from '../helpers/worker.js';

const skip = skipWithoutEntering();

/** The pid of a process in a namespace of its own, which has one of each at that key. */
async function startInside(t: TestContext, key: number): Promise<number> {
  const text = `import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
const key = ${key};
MessageQueue.create(key).trySend(5, 'inside');
SharedMemory.create(key, { bytes: 100 });
SemaphoreSet.create(key, { count: 1, mode: 0o600 }).setValue(0, 7);
console.log('ready');
setInterval(() => {}, 60_000);`;
  const [command, words] = inOwnNamespace(process.execPath, snippetCommand(text), { msgmnb: 4321 });
  const inside = start(t, command, words, { cwd: import.meta.dirname });
  await inside.waitFor('ready');
  return inside.pid;
}

/** Looks into the namespace of a process. */
function lookInto<Result>(pid: number, look: () => Result): Result {
  const entered = IpcNamespace.ofProcess(pid).enter();
  try {
    return look();
  } finally {
    entered[Symbol.dispose]();
  }
}

/** As lookInto, across turns of the event loop. */
async function lookIntoWith(pid: number, look: () => Promise<void>): Promise<void> {
  const entered = IpcNamespace.ofProcess(pid).enter();
  try {
    await look();
  } finally {
    entered[Symbol.dispose]();
  }
}

test(
  'tables, limits, values and messages are those of the namespace that is entered',
  { skip },
  async (t) => {
    const key = freshKey(t);
    const pid = await startInside(t, key);
    lookInto(pid, () => {
      const [queue, ...others] = MessageQueue.list();
      assert.deepEqual([queue?.key, queue?.messages, others], [key, 1, []]);
      assert.deepEqual(MessageQueue.open(key).peek(), { type: 5, body: Buffer.from('inside') });
      assert.equal(MessageQueue.limits().maxQueueBytes, 4321);
      assert.deepEqual(
        SharedMemory.list().map((segment) => [segment.key, segment.bytes]),
        [[key, 100]],
      );
      assert.equal(SharedMemory.residency().size, 1);
      assert.equal(SharedMemory.limits().segments, 1);
      assert.equal(SemaphoreSet.open(key).value(), 7);
    });
  },
);

test('afterwards the own namespace is looked into again', { skip }, async (t) => {
  const key = freshKey(t);
  const own = MessageQueue.create(key);
  const pid = await startInside(t, key);
  assert.equal(
    lookInto(pid, () => MessageQueue.open(key).stat().messages),
    1,
  );
  assert.equal(MessageQueue.open(key).id, own.id);
  assert.equal(own.stat().messages, 0);
});

test('a wait in the own namespace goes on there meanwhile', { skip }, async (t) => {
  const key = freshKey(t);
  const own = MessageQueue.create(key);
  const pid = await startInside(t, key);
  const received = own.receive();
  lookInto(pid, () => assert.equal(MessageQueue.list().length, 1));
  own.trySend(1, 'outside');
  assert.equal((await received).body.toString(), 'outside');
});

test(
  'what takes, sends, operates or attaches is refused in another namespace, and changes neither',
  { skip },
  async (t) => {
    const key = freshKey(t);
    const own = MessageQueue.create(key);
    own.sendSync(5, 'outside');
    const pending = own.receive({ type: 6 });
    const pid = await startInside(t, key);
    await lookIntoWith(pid, async () => {
      const other = MessageQueue.open(key);
      const elsewhere = { name: 'IpcError', code: 'EXDEV' };
      for (const queue of [own, other]) {
        for (const call of [
          () => queue.tryReceive(),
          () => queue.receiveSync({ timeout: 0 }),
          () => queue.receiveBatch(),
          () => queue.trySend(1, 'x'),
          () => queue.trySendBatch([{ type: 1, body: 'x' }]),
          () => queue.sendSync(1, 'x'),
        ]) {
          assert.throws(call, elsewhere, String(call));
        }
        await assert.rejects(queue.receive(), elsewhere);
        await assert.rejects(queue.send(1, 'x'), elsewhere);
      }
      const set = SemaphoreSet.open(key);
      assert.throws(() => set.tryOperate([{ delta: 1 }]), elsewhere);
      assert.throws(() => {
        set.operateSync([{ delta: 1 }]);
      }, elsewhere);
      await assert.rejects(set.operate([{ delta: 1 }]), elsewhere);
      const segment = SharedMemory.open(key);
      assert.throws(() => segment.attach(), elsewhere);
      assert.throws(() => segment.view(Uint8Array), elsewhere);
      assert.equal(other.peek()?.body.toString(), 'inside');
      assert.equal(other.stat().messages, 1);
      assert.equal(set.value(), 7);
    });
    assert.equal(own.stat().messages, 1);
    own.sendSync(6, 'waited for');
    assert.equal((await pending).body.toString(), 'waited for');
  },
);

/** All that can be done with handles of the three kinds. */
function handleCalls(queue: MessageQueue, set: SemaphoreSet, segment: SharedMemory): (() => unknown)[] {
  return [
    () => queue.tryReceive(),
    () => queue.receiveSync({ timeout: 0 }),
    () => queue.receiveBatch(),
    () => queue.messages(),
    () => queue.batches(),
    () => queue.trySend(1, 'x'),
    () => queue.trySendBatch([{ type: 1, body: 'x' }]),
    () => {
      queue.sendSync(1, 'x');
    },
    () => queue.peek(),
    () => [...queue.peekAll()],
    () => queue.stat(),
    () => {
      queue.set({ mode: 0o666 });
    },
    () => {
      queue.remove();
    },
    () => set.tryOperate([{ delta: 1 }]),
    () => {
      set.operateSync([{ delta: 1 }]);
    },
    () => set.value(),
    () => set.lastPid(),
    () => set.waitingForIncrease(),
    () => set.waitingForZero(),
    () => set.values(),
    () => {
      set.setValue(0, 1);
    },
    () => {
      set.setValues([1]);
    },
    () => set.stat(),
    () => {
      set.set({ mode: 0o666 });
    },
    () => {
      set.remove();
    },
    () => segment.attach(),
    () => segment.view(Uint8Array),
    () => segment.stat(),
    () => {
      segment.set({ mode: 0o666 });
    },
    () => {
      segment.remove();
    },
  ];
}

const STRANGE = {
  name: 'IpcError',
  code: 'EXDEV',
  message: /opened in another IPC namespace.*open it again/s,
};

async function assertAllRefused(
  queue: MessageQueue,
  set: SemaphoreSet,
  segment: SharedMemory,
): Promise<void> {
  for (const call of handleCalls(queue, set, segment)) assert.throws(call, STRANGE, String(call));
  await assert.rejects(queue.receive(), STRANGE);
  await assert.rejects(queue.send(1, 'x'), STRANGE);
  await assert.rejects(set.operate([{ delta: 1 }]), STRANGE);
}

test('a handle is refused wherever its id would mean an object of another namespace', { skip }, async (t) => {
  const key = freshKey(t);
  const open = () => [MessageQueue.open(key), SemaphoreSet.open(key), SharedMemory.open(key)] as const;
  MessageQueue.create(key);
  SemaphoreSet.create(key);
  SharedMemory.create(key, { bytes: 10 });
  const own = open();
  const pid = await startInside(t, key);
  let theirs = own;
  await lookIntoWith(pid, async () => {
    await assertAllRefused(...own);
    theirs = open();
    assert.equal(theirs[0].stat().messages, 1);
  });
  await assertAllRefused(...theirs);
  await lookIntoWith(pid, async () => {
    await assertAllRefused(...theirs);
    const [queue, set, segment] = open();
    assert.deepEqual([queue.stat().mode, queue.stat().messages, set.value()], [0o600, 1, 7]);
    assert.equal(segment.stat().mode, 0o600);
  });
  const [queue, set, segment] = own;
  assert.deepEqual([queue.stat().mode, queue.stat().messages, set.value()], [0o600, 0, 0]);
  assert.equal(segment.stat().mode, 0o600);
});

test('one namespace at a time', { skip }, async (t) => {
  const pid = await startInside(t, freshKey(t));
  lookInto(pid, () => {
    assert.throws(() => IpcNamespace.ofProcess(pid).enter(), { code: 'EBUSY' });
  });
  lookInto(pid, () => assert.equal(MessageQueue.list().length, 1));
});

test('a process that ends while it looks into another namespace ends', { skip }, async (t) => {
  const pid = await startInside(t, freshKey(t));
  for (const end of ['process.exit(3)', 'process.exitCode = 3']) {
    const text = `import { IpcNamespace } from '@timeq/mq-native';
IpcNamespace.ofProcess(${pid}).enter(); ${end};`;
    const looking = start(t, process.execPath, snippetCommand(text), { cwd: import.meta.dirname });
    assert.equal((await looking.exit()).code, 3, end);
  }
});

/** How many threads of this process are in another IPC namespace. */
function threadsElsewhere(): number {
  const own = readlinkSync('/proc/self/ns/ipc');
  return readdirSync('/proc/self/task').filter((thread) => {
    try {
      return readlinkSync(`/proc/self/task/${thread}/ns/ipc`) !== own;
    } catch {
      // It has ended.
      return false;
    }
  }).length;
}

test(
  'a worker that ends while it looks into another namespace leaves no thread there',
  { skip },
  async (t) => {
    const worker = startWorker(
      t,
      `const { parentPort, workerData } = require('node:worker_threads');
    import('@timeq/mq-native').then(({ IpcNamespace }) => {
      IpcNamespace.ofProcess(workerData).enter();
      parentPort.postMessage('there');
      setInterval(() => undefined, 1000);
    });`,
      { eval: true, workerData: await startInside(t, freshKey(t)) },
    );
    await once(worker, 'message');
    assert.equal(threadsElsewhere(), 1);
    await deadline(worker.terminate(), 'the end of the worker');
    assert.equal(threadsElsewhere(), 0);
  },
);

test('a process knows its own namespace, which it can enter without any right', () => {
  const own = IpcNamespace.own();
  assert.equal(IpcNamespace.ofProcess(process.pid).inode, own.inode);
  assert.match(own.link, /^ipc:\[\d+\]$/);
  const before = MessageQueue.limits().maxQueues;
  lookInto(process.pid, () => assert.equal(MessageQueue.limits().maxQueues, before));
});

test('a process that does not exist has no namespace', () => {
  assert.throws(() => IpcNamespace.ofProcess(2 ** 31 - 2), { code: 'ESRCH', name: 'IpcError' });
  assert.throws(() => IpcNamespace.ofProcess(0), RangeError);
});
