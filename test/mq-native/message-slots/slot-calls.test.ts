import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { AbortError, GoneError, IpcError, type Attachment, type MessageQueue } from '@timeq/mq-native';
import { SlotCalls } from '@timeq/mq-native/message-slots';
import { atEnd } from '../../helpers/cleanup.js';
import { skipWithoutCommands } from '../../helpers/commands.js';
import { until } from '../../helpers/deadline.js';
import { queueWithId } from '../../helpers/kernel-table.js';
import { root, snippetCommand, startSnippet } from '../../helpers/node.js';
import { start } from '../../helpers/process.js';
import { untilBlocked } from '../../helpers/threads.js';
import { drain, privateQueue } from '../queue.js';
import { privateSegment } from '../shared-memory/segment.js';

const skip = process.platform === 'linux' ? false : 'MSG_COPY and clone are Linux only';
/** The slot is behind eight bytes for the pid. */
const PID = 0;
const SLOT = 8;

interface Scene {
  readonly queue: MessageQueue;
  readonly calls: SlotCalls;
  readonly bytes: Buffer;
  readonly attachment: Attachment;
}

function scene(t: TestContext, room = 8192): Scene {
  const queue = privateQueue(t);
  const attachment = privateSegment(t, SLOT + 8 + room).attach();
  atEnd(t, () => {
    attachment.detach();
  });
  const bytes = Buffer.from(attachment.buffer);
  return { queue, attachment, calls: new SlotCalls(queue, attachment), bytes };
}

function message({ bytes }: Scene, size: number): [type: bigint, body: string] {
  return [bytes.readBigInt64LE(SLOT), bytes.toString('latin1', SLOT + 8, SLOT + 8 + size)];
}

test('a message is taken straight into a segment, with its type', { skip }, (t) => {
  const here = scene(t);
  here.queue.sendSync(2n ** 62n, 'hello');
  here.queue.sendSync(7, '');
  assert.equal(here.calls.take(SLOT, 5), 5);
  assert.deepEqual(message(here, 5), [2n ** 62n, 'hello']);
  assert.equal(here.calls.take(SLOT, 8192), 0);
  assert.equal(message(here, 0)[0], 7n);
  assert.equal(here.calls.take(SLOT, 8192), undefined);
});

test('a message that is longer than was asked for stays, and the slot is untouched', { skip }, (t) => {
  const here = scene(t);
  here.queue.sendSync(1, 'longer');
  assert.equal(here.calls.take(SLOT, 5), undefined);
  assert.deepEqual(message(here, 6), [0n, '\0'.repeat(6)]);
  assert.equal(here.queue.stat().messages, 1);
});

test('a type selects, and a copy takes nothing', { skip }, (t) => {
  const here = scene(t);
  here.queue.sendSync(1, 'one');
  here.queue.sendSync(2, 'two');
  assert.equal(here.calls.copy(SLOT, 8192, 1), 3);
  assert.deepEqual(message(here, 3), [2n, 'two']);
  assert.equal(here.calls.copy(SLOT, 8192, 2), undefined);
  assert.throws(() => here.calls.copy(SLOT, 2), { code: 'E2BIG' });
  assert.equal(here.calls.take(SLOT, 3, 2), 3);
  assert.deepEqual(drain(here.queue), [1]);
});

test('no place outside of the segment is written to', { skip }, (t) => {
  const { calls, queue, bytes } = scene(t, 8);
  queue.sendSync(1, 'x');
  for (const [at, room] of [
    [16, 8],
    [-8, 0],
    [12, 1],
    [SLOT, 16],
    [2 ** 40, 0],
    [Number.NaN, 0],
  ] as const) {
    assert.throws(() => calls.take(at, room), { code: 'EFAULT' });
    assert.throws(() => calls.send(at, room, PID, 0), { code: 'EFAULT' });
  }
  assert.throws(() => calls.send(SLOT, 1, bytes.length, 0), { code: 'EFAULT' });
  assert.equal(queue.stat().messages, 1);
});

test('a wait ends when a message is there, which stays', { skip }, async (t) => {
  const here = scene(t);
  const { signal } = new AbortController();
  const waiting = here.calls.wait(SLOT, 0, signal);
  await untilBlocked('msgrcv');
  here.queue.sendSync(1, 'x');
  assert.equal(await waiting, false);
  assert.equal(here.queue.stat().messages, 1);
  assert.equal(await here.calls.wait(SLOT, 0, signal), false);
});

test('a wait takes an empty message into the slot', { skip }, async (t) => {
  const here = scene(t);
  const waiting = here.calls.wait(SLOT, 0, new AbortController().signal);
  await untilBlocked('msgrcv');
  here.queue.sendSync(9, '');
  assert.equal(await waiting, true);
  assert.equal(message(here, 0)[0], 9n);
  assert.equal(here.queue.stat().messages, 0);
});

test('a wait is cancelled by its signal, and ended by the removal of the queue', { skip }, async (t) => {
  const here = scene(t);
  const controller = new AbortController();
  const waiting = here.calls.wait(SLOT, 5, controller.signal);
  await untilBlocked('msgrcv');
  controller.abort();
  await assert.rejects(waiting, AbortError);
  await assert.rejects(here.calls.wait(SLOT, 5, controller.signal), AbortError);
  const another = here.calls.wait(SLOT, 5, new AbortController().signal);
  await untilBlocked('msgrcv');
  here.queue.remove();
  await assert.rejects(another, GoneError);
});

test('a message that this process sends has its pid, in the segment and the kernel', { skip }, (t) => {
  const here = scene(t);
  here.bytes.writeBigInt64LE(5n, SLOT);
  here.bytes.write('body', SLOT + 8);
  assert.equal(here.calls.send(SLOT, 4, PID, 0), 'sent');
  assert.equal(here.bytes.readInt32LE(PID), process.pid);
  assert.equal(queueWithId(here.queue.id)?.['lspid'], process.pid);
  assert.deepEqual(here.queue.tryReceive(), { type: 5, body: Buffer.from('body') });
});

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

test('a child that stays sends what follows a message of this process', { skip }, (t) => {
  const here = scene(t);
  const pids = new Set<number>();
  for (let size = 0; size < 100; size++) {
    here.bytes.writeBigInt64LE(BigInt(size + 1), SLOT);
    here.bytes.fill(size, SLOT + 8, SLOT + 8 + size);
    const before = here.queue.stat().lastSendPid;
    assert.equal(here.calls.send(SLOT, size, PID, before), 'sent');
    const pid = here.bytes.readInt32LE(PID);
    pids.add(pid);
    assert.notEqual(pid, before);
    assert.equal(queueWithId(here.queue.id)?.['lspid'], pid);
    assert.deepEqual(here.queue.tryReceive(), { type: size + 1, body: Buffer.alloc(size, size) });
  }
  assert.equal(pids.size, 2);
  pids.delete(process.pid);
  assert.deepEqual(
    childrenOf(process.pid).filter((pid) => pids.has(pid)),
    [...pids],
  );
});

test('a child that is killed before it has to send is replaced', { skip }, async (t) => {
  const here = scene(t);
  here.bytes.writeBigInt64LE(1n, SLOT);
  assert.equal(here.calls.send(SLOT, 0, PID, process.pid), 'sent');
  const first = here.bytes.readInt32LE(PID);
  process.kill(first, 'SIGKILL');
  await until(() => processState(first) === 'Z', 'the end of the child');
  assert.equal(here.calls.send(SLOT, 0, PID, process.pid), 'sent');
  assert.notEqual(here.bytes.readInt32LE(PID), first);
  assert.equal(childrenOf(process.pid).includes(first), false, 'it is not left as a zombie');
  assert.equal(here.queue.stat().messages, 2);
});

const oneSend = `
import { MessageQueue, SharedMemory } from '@timeq/mq-native';
import { SlotCalls } from '@timeq/mq-native/message-slots';
const [, queueId, segmentId] = process.argv.map(Number);
const attachment = SharedMemory.fromId(segmentId).attach();
const calls = new SlotCalls(MessageQueue.fromId(queueId), attachment);
const bytes = Buffer.from(attachment.buffer);
bytes.writeBigInt64LE(1n, 8);
calls.send(8, 0, 0, process.pid);`;

test('a child that is killed while it has to send is told', { skip }, async (t) => {
  const queue = privateQueue(t);
  const segment = privateSegment(t, 16);
  const bytes = Buffer.from(segment.attach().buffer);
  const rest = `
process.on('SIGUSR2', () => {
  console.log(calls.send(8, 0, 0, process.pid), calls.send(8, 0, 0, process.pid));
});
setInterval(() => {}, 1000);
console.log('sent');`;
  const running = startSnippet(t, oneSend + rest, [queue.id, segment.id]);
  await running.waitFor('sent');
  const pid = bytes.readInt32LE(0);
  process.kill(pid, 'SIGSTOP');
  await until(() => processState(pid) === 'T', 'the stop');
  bytes.writeInt32LE(0, 0);
  running.kill('SIGUSR2');
  await until(() => bytes.readInt32LE(0) === pid, 'the send');
  process.kill(pid, 'SIGKILL');
  await running.waitFor('killed sent');
  await running.end();
  assert.equal(queue.stat().messages, 2);
});

test('the child ends with its process, by itself or killed', { skip }, async (t) => {
  const queue = privateQueue(t);
  const segment = privateSegment(t, 16);
  const bytes = Buffer.from(segment.attach().buffer);
  for (const rest of [
    'console.log("sent"); setInterval(() => {}, 1000);',
    'console.log("sent"); process.exit();',
  ]) {
    const running = startSnippet(t, oneSend + rest, [queue.id, segment.id]);
    await running.waitFor('sent');
    const pid = bytes.readInt32LE(0);
    await running.end();
    assert.notEqual(pid, running.pid);
    await until(() => !isThere(pid), 'the end of the child');
  }
});

for (const [before, name] of [
  [process.pid, 'a child'],
  [0, 'this process'],
] as const) {
  test(`a message that ${name} can’t send says why, and a full queue is no error`, { skip }, (t) => {
    const here = scene(t);
    here.bytes.writeBigInt64LE(1n, SLOT);
    here.queue.set({ maxBytes: 10 });
    assert.equal(here.calls.send(SLOT, 10, PID, before), 'sent');
    assert.equal(here.calls.send(SLOT, 1, PID, before), 'full');
    assert.throws(
      () => here.calls.send(SLOT, 11, PID, before),
      (error) =>
        error instanceof IpcError && error.code === 'EAGAIN' && /holds at most 10/.test(error.message),
    );
    here.bytes.writeBigInt64LE(0n, SLOT);
    assert.throws(() => here.calls.send(SLOT, 1, PID, before), { code: 'EINVAL' });
    here.queue.remove();
    assert.throws(() => here.calls.send(SLOT, 1, PID, before), GoneError);
  });
}

/** Sends numbered messages one by one, with the number in the segment before it sends. */
const sender = `
import { MessageQueue, SharedMemory } from '@timeq/mq-native';
import { SlotCalls } from '@timeq/mq-native/message-slots';
const [, queueId, segmentId] = process.argv.map(Number);
const attachment = SharedMemory.fromId(segmentId).attach();
const calls = new SlotCalls(MessageQueue.fromId(queueId), attachment);
const bytes = Buffer.from(attachment.buffer);
process.on('SIGUSR2', () => {});
console.log('sending');
for (let number = 1; ; number++) {
  bytes.writeInt32LE(0, 0);
  bytes.writeBigInt64LE(BigInt(number), 8);
  const before = number % 2 === 0 ? 0 : process.pid;
  while (calls.send(8, 0, 0, before) === 'full') await new Promise(setImmediate);
  if (number % 64 === 0) await new Promise(setImmediate);
}`;

test('whether a killed sender has sent is known by its own pid and its child’s', { skip }, async (t) => {
  const queue = privateQueue(t);
  const segment = privateSegment(t, 16);
  const bytes = Buffer.from(segment.attach().buffer);
  for (let kill = 0; kill < 8; kill++) {
    let last = 0;
    const running = startSnippet(t, sender, [queue.id, segment.id]);
    await running.waitFor('sending');
    for (let number = 0; number < 30 * kill + 1; number++) last = Number((await queue.receive()).type);
    await running.end();
    const pid = bytes.readInt32LE(0);
    if (pid !== 0) await until(() => !isThere(pid), 'the end of the sender');
    const sent = pid !== 0 && queue.stat().lastSendPid === pid;
    for (const type of drain(queue)) {
      assert.equal(Number(type), last + 1);
      last += 1;
    }
    const number = Number(bytes.readBigInt64LE(8));
    // The kill may also have come right after the pid of the message before was taken out.
    if (pid === 0) assert.ok(last === number || last === number - 1, `${last} of ${number}`);
    else assert.equal(last, number - (sent ? 0 : 1));
  }
});

const processState = (pid: number): string | undefined =>
  /\) (.)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const skipGroup = skip || skipWithoutCommands('setsid');

test('signals to the whole process group, as of Ctrl-C, harm no sender', { skip: skipGroup }, async (t) => {
  const queue = privateQueue(t);
  const segment = privateSegment(t, 16);
  const words = snippetCommand(`process.on('SIGINT', () => {});${sender}`, [queue.id, segment.id]);
  const group = start(t, 'setsid', [process.execPath, ...words], { cwd: root });
  await group.waitFor('sending');
  for (let number = 1; number <= 1000; number++) {
    if (number % 3 === 0) process.kill(-group.pid, 'SIGINT');
    assert.equal((await queue.receive()).type, number);
  }
});
