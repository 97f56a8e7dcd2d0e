// Run by the Node.js of a target with the path of an addon: sends, receives, waits and cancels once each, also in a slot.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { endianness } from 'node:os';

const native = createRequire(import.meta.url)(process.argv[2]);
const IPC_PRIVATE = 0;
const IPC_NOWAIT = 0o4000;
const EINTR = 4;
const E2BIG = 7;
const ENOMSG = 42;
const type = 2n ** 40n;

const room = 1024;
const toSend = native.messageBuffer(room);
const toSendType = new BigInt64Array(toSend, 0, 1);
const received = native.slab(8 + room);
const receivedType = new BigInt64Array(received, 0, 1);
const registers = new Int32Array(native.registersBuffer());
const id = native.msgget(IPC_PRIVATE, 0o600);
assert.ok(id >= 0, `msgget: ${id}`);

/** Calls a function that reads its arguments from the registers, and returns its result. */
function call(name, bytes) {
  const [at, count] = [0, 1];
  registers.set([0, id, bytes, IPC_NOWAIT, at, count]);
  native[name]();
  return registers[0];
}

function send(text) {
  toSendType[0] = type;
  const { written } = new TextEncoder().encodeInto(text, new Uint8Array(toSend, 8));
  assert.equal(call('msgsnd', written), 0);
}

function receive() {
  toSendType[0] = 0n;
  const bytes = call('msgrcv', room);
  assert.ok(bytes >= 0, `msgrcv: ${bytes}`);
  assert.equal(receivedType[0], type);
  return new TextDecoder().decode(new Uint8Array(received, 8, bytes));
}

function startWaiting() {
  toSendType[0] = 0n;
  const waiter = native.waitReceive(id, 0, 0);
  assert.ok(waiter >= 0, `waitReceive: ${waiter}`);
  return waiter;
}

/** A child of its own pid, or this process, sends what is in a slot, into which the next receive takes it. */
function useSlots(child) {
  const [at, pidAt, bytes] = [8, 0, 4];
  const slot = native.slab(64);
  const view = new DataView(slot);
  const body = new Uint8Array(slot, at + 8, bytes);
  new BigInt64Array(slot, at, 1)[0] = type;
  body.set([1, 2, 0, 0]);
  assert.equal(native.slotSend(id, slot, at, bytes, pidAt, child ? 1 : 0), 0);
  const pid = view.getInt32(pidAt, endianness() === 'LE');
  assert.ok(pid > 0 && (pid === process.pid) === !child, `the sender's pid: ${pid}`);
  body.fill(7);
  toSendType[0] = 0n;
  assert.equal(native.slotReceive(id, slot, at, bytes, 0), bytes);
  assert.deepEqual([...body], [1, 2, 0, 0]);
  assert.equal(native.slotReceive(id, slot, at, bytes, 0), -ENOMSG);
}

try {
  send('at once');
  assert.equal(receive(), 'at once');

  native.waitRef(1);
  const arrived = new Promise((resolve) =>
    native.waitListen((waiter, result) => resolve({ waiter, result })),
  );
  const waiter = startWaiting();
  send('later');
  assert.deepEqual(await arrived, { waiter, result: -E2BIG });
  assert.equal(receive(), 'later');

  assert.equal(native.waitCancel(startWaiting()), -EINTR);
  native.waitRef(-1);

  useSlots(true);
  useSlots(false);
} finally {
  native.objectRemove(0, id);
}
console.log(
  `loaded by Node.js ${process.versions.node} ${process.arch}, which sent, received, waited and cancelled, also in a slot`,
);
