// Run by the Node.js of a target with the path of an addon: sends, receives, waits and cancels once each.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const native = createRequire(import.meta.url)(process.argv[2]);
const IPC_PRIVATE = 0;
const IPC_NOWAIT = 0o4000;
const EINTR = 4;
const E2BIG = 7;
const type = 2n ** 40n;

const room = 1024;
const buffer = native.messageBuffer(room);
const typeField = new BigInt64Array(buffer, 0, 1);
const body = new Uint8Array(buffer, 8);
const id = native.msgget(IPC_PRIVATE, 0o600);
assert.ok(id >= 0, `msgget: ${id}`);

function send(text) {
  typeField[0] = type;
  const { written } = new TextEncoder().encodeInto(text, body);
  assert.equal(native.msgsnd(id, written, IPC_NOWAIT), 0);
}

function receive() {
  typeField[0] = 0n;
  const bytes = native.msgrcv(id, room, IPC_NOWAIT);
  assert.ok(bytes >= 0, `msgrcv: ${bytes}`);
  assert.equal(typeField[0], type);
  return new TextDecoder().decode(body.subarray(0, bytes));
}

function startWaiting() {
  typeField[0] = 0n;
  const waiter = native.waitReceive(id, 0);
  assert.ok(waiter >= 0, `waitReceive: ${waiter}`);
  return waiter;
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
} finally {
  native.msgctlRemove(id);
}
console.log(
  `loaded by Node.js ${process.versions.node} ${process.arch}, which sent, received, waited and cancelled`,
);
