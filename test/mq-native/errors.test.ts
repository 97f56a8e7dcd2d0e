import assert from 'node:assert/strict';
import { constants } from 'node:os';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { formatKey, GoneError, IpcError, MessageQueue } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { root, snippetCommand } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { asNobody, skipWithoutNobody } from './as-nobody.js';
import { privateQueue } from './queue.js';
import { uninterrupted } from '../helpers/uninterrupted.js';

function errorOf(call: () => unknown): IpcError {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof IpcError, inspect(error));
    return error;
  }
  assert.fail('no error');
}

test('an error has the code, the number, the call, the object and the next step', (t) => {
  const key = freshKey(t);
  const missing = errorOf(() => MessageQueue.open(key));
  assert.equal(missing.name, 'IpcError');
  assert.equal(missing.code, 'ENOENT');
  assert.equal(missing.errno, constants.errno.ENOENT);
  assert.equal(missing.syscall, 'msgget');
  assert.equal(missing.key, key);
  assert.equal(missing.id, undefined);
  assert.equal(missing.timedOut, false);
  assert.equal(missing.closed, false);
  assert.ok(missing.hint);
  assert.equal(
    missing.message,
    `ENOENT: no queue has that key, msgget key ${formatKey(key)}; ${missing.hint}`,
  );
  assert.ok(missing.stack?.includes('errors.test'));

  const queue = MessageQueue.create(key);
  const exists = errorOf(() => MessageQueue.create(key));
  assert.equal(exists.code, 'EEXIST');
  assert.equal(exists.errno, constants.errno.EEXIST);
  assert.ok(exists.hint);
  queue.remove();
  const gone = errorOf(() => queue.tryReceive());
  assert.ok(gone instanceof GoneError);
  assert.equal(gone.code, 'EIDRM');
  assert.equal(gone.errno, constants.errno.EIDRM);
  assert.match(
    gone.message,
    new RegExp(`^EIDRM: the queue was removed, msgrcv queue ${queue.id} \\(key ${formatKey(key)}\\)`),
  );
});

test('an error is one line of words, and shows nothing that is undefined', (t) => {
  const key = freshKey(t);
  const queue = privateQueue(t, { maxBytes: 10 });
  queue.sendSync(1, 'too long');
  const errors = [
    errorOf(() => MessageQueue.open(key)),
    errorOf(() => MessageQueue.fromId(2 ** 31 - 1)),
    errorOf(() => queue.tryReceive({ maxBytes: 1 })),
    errorOf(() => uninterrupted(() => queue.receiveSync({ type: 3, timeout: 1 }))),
    errorOf(() => uninterrupted(() => queue.sendSync(3, 'xxx', { timeout: 1 }))),
    errorOf(() => queue.trySend(3, Buffer.alloc(2 ** 20))),
  ];
  for (const error of errors) {
    assert.match(error.message, /^E[A-Z0-9]+: [^\n]+$/);
    // With its fields, as the console shows it.
    for (const shown of [error.message, inspect(error)])
      assert.doesNotMatch(shown, /undefined|NaN|null|\[object/);
  }
});

test('ENOSPC says how many queues there are and may be', { skip: skipWithoutNamespaces() }, async (t) => {
  const source = `import { MessageQueue } from '@timeq/mq-native';
    for (let count = 0; count < 3; count++) MessageQueue.createPrivate();
    try {
      MessageQueue.createPrivate();
    } catch (error) {
      console.log(error.code, error.message);
    }`;
  const { stdout } = await run(
    t,
    ...inOwnNamespace(process.execPath, snippetCommand(source), { msgmni: 3 }),
    { cwd: root },
  );
  assert.match(stdout, /^ENOSPC ENOSPC: .*\(3 of 3, kernel\.msgmni\), msgget.*kernel\.msgmni\n$/);
});

test('EACCES says which permission was missing', { skip: skipWithoutNobody }, async (t) => {
  const readable = privateQueue(t, { mode: 0o644 });
  const writable = privateQueue(t, { mode: 0o622 });
  readable.sendSync(1, 'x');
  const { stdout, stderr } = await asNobody(
    t,
    `const [readable, writable] = process.argv.slice(1).map((id) => mq.MessageQueue.fromId(Number(id)));
    const tell = (error) => console.log(error.message);
    try { readable.trySend(1, ''); } catch (error) { tell(error); }
    try { readable.sendSync(1, ''); } catch (error) { tell(error); }
    await readable.send(1, '').catch(tell);
    try { writable.tryReceive(); } catch (error) { tell(error); }
    try { writable.receiveSync(); } catch (error) { tell(error); }
    try { writable.receiveBatch(); } catch (error) { tell(error); }
    await writable.receive().catch(tell);`,
    [readable.id, writable.id],
  );
  assert.equal(stderr, '');
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 7);
  for (const line of lines.slice(0, 3))
    assert.match(line, /^EACCES: no permission to write to the queue, msgsnd queue \d+/);
  for (const line of lines.slice(3))
    assert.match(line, /^EACCES: no permission to read the queue, msgrcv queue \d+/);
});

test('wrong arguments are TypeErrors and RangeErrors with Node’s codes, and name the argument', (t) => {
  const queue = privateQueue(t);
  const cases: [() => unknown, string, RegExp][] = [
    [() => MessageQueue.open('x' as unknown as number), 'ERR_INVALID_ARG_TYPE', /"key"/],
    [() => MessageQueue.open(2 ** 40), 'ERR_OUT_OF_RANGE', /"key"/],
    [() => MessageQueue.fromId(-1), 'ERR_OUT_OF_RANGE', /"id"/],
    [() => MessageQueue.fromId('1' as unknown as number), 'ERR_INVALID_ARG_TYPE', /"id"/],
    [() => queue.trySend(0, ''), 'ERR_OUT_OF_RANGE', /"type"/],
    [() => queue.trySend(1, 5 as unknown as string), 'ERR_INVALID_ARG_TYPE', /"body"/],
    [() => queue.tryReceive({ except: 0 }), 'ERR_OUT_OF_RANGE', /"except"/],
    [() => queue.tryReceive({ maxBytes: -1 }), 'ERR_OUT_OF_RANGE', /"maxBytes"/],
    [() => queue.tryReceive(5 as unknown as object), 'ERR_INVALID_ARG_TYPE', /"options"/],
    [() => queue.tryReceive(null as unknown as object), 'ERR_INVALID_ARG_TYPE', /"options"/],
    [() => queue.receiveSync({ timeout: -1 }), 'ERR_OUT_OF_RANGE', /"timeout"/],
  ];
  for (const [call, code, message] of cases) assert.throws(call, { code, message });
});

test('the asynchronous forms never throw: wrong arguments reject as well', async (t) => {
  const queue = privateQueue(t);
  await assert.rejects(() => queue.send('1' as unknown as number, ''), TypeError);
  await assert.rejects(() => queue.receive({ type: 1.5 }), RangeError);
});
