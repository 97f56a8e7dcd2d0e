import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GoneError, MessageQueue } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { runSnippet, startSnippet } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { privateQueue } from './queue.js';

function assertGone(id: number, syscall: string) {
  return (error: unknown): true => {
    assert.ok(error instanceof GoneError);
    assert.equal(error.code, 'EIDRM');
    assert.equal(error.id, id);
    assert.equal(error.syscall, syscall);
    assert.match(error.message, /removed/);
    return true;
  };
}

test('removal ends every wait of every handle with one kind of error', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(9, '');
  const receives = [
    queue.receive({ type: 1 }),
    queue.receive({ type: 1 }),
    queue.receive({ except: 9, timeout: 1_000_000 }),
  ];
  const sends = [queue.send(2, ''), queue.send(3, '')];
  await untilBlocked('msgrcv', process.pid, 2);
  await untilBlocked('msgsnd');
  const { id } = queue;
  const ended = Promise.all([
    ...receives.map((wait) => assert.rejects(wait, assertGone(id, 'msgrcv'))),
    ...sends.map((wait) => assert.rejects(wait, assertGone(id, 'msgsnd'))),
  ]);
  MessageQueue.fromId(id).remove();
  await ended;
});

test('removal in the very turn in which waits were made ends them too', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(9, '');
  const waits = [
    assert.rejects(queue.receive({ type: 1 }), assertGone(queue.id, 'msgrcv')),
    assert.rejects(queue.send(2, ''), assertGone(queue.id, 'msgsnd')),
  ];
  queue.remove();
  await Promise.all(waits);
});

test('a handle does not go over to a new queue at the same key', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  const receiving = queue.receive();
  await untilBlocked('msgrcv');
  const ended = assert.rejects(receiving, assertGone(queue.id, 'msgrcv'));
  await runSnippet(
    t,
    `import { MessageQueue } from '@timeq/mq-native';
    MessageQueue.open(Number(process.argv[1])).remove();
    MessageQueue.create(Number(process.argv[1])).sendSync(1, 'not for the old handle');`,
    [key],
  );
  await ended;
  await assert.rejects(queue.receive(), GoneError);
  const successor = MessageQueue.open(key);
  assert.notEqual(successor.id, queue.id);
  assert.equal((await successor.receive()).body.toString(), 'not for the old handle');
});

test('a queue that is removed and created again and again ends each wait and starts the next', async (t) => {
  const key = freshKey(t);
  for (let round = 0; round < 200; round++) {
    const queue = MessageQueue.create(key);
    const first = assert.rejects(queue.receive(), GoneError);
    const second = assert.rejects(
      queue.receive({ type: 2, signal: new AbortController().signal }),
      GoneError,
    );
    if (round % 3 === 0) await untilBlocked('msgrcv', process.pid, 2);
    else if (round % 3 === 1) await new Promise(setImmediate);
    queue.remove();
    await Promise.all([first, second]);
    queue.close();
  }
});

for (const [name, syscall, call] of [
  ['receive', 'msgrcv', 'queue.receiveSync({ type: 2 })'],
  ['receive with a timeout', 'msgrcv', 'queue.receiveSync({ type: 2, timeout: 1_000_000 })'],
  ['send', 'msgsnd', "queue.sendSync(2, '')"],
  ['send with a timeout', 'msgsnd', "queue.sendSync(2, '', { timeout: 1_000_000 })"],
] as const) {
  test(`removal ends a blocking ${name}`, async (t) => {
    const queue = privateQueue(t, { maxBytes: 1 });
    queue.sendSync(1, '');
    const program = startSnippet(
      t,
      `import { GoneError, MessageQueue } from '@timeq/mq-native';
      const queue = MessageQueue.fromId(Number(process.argv[1]));
      try {
        ${call};
      } catch (error) {
        console.log(error instanceof GoneError, error.code, error.syscall);
      }`,
      [queue.id],
    );
    await untilBlocked(syscall, program.pid);
    queue.remove();
    assert.equal((await program.exit()).stdout, `true EIDRM ${syscall}\n`);
  });
}

test('a loss of permission during a wait is told as such', async (t) => {
  const { skipWithoutNobody } = await import('./as-nobody.js');
  if (skipWithoutNobody !== false) {
    t.skip(skipWithoutNobody);
    return;
  }
  const queue = privateQueue(t, { mode: 0o666 });
  const program = startSnippet(
    t,
    `import { MessageQueue } from '@timeq/mq-native';
    process.setgroups([]);
    process.setgid(65534);
    process.setuid(65534);
    const queue = MessageQueue.fromId(Number(process.argv[1]));
    await queue.receive().catch(({ code, syscall }) => console.log(code, syscall));`,
    [queue.id],
  );
  await untilBlocked('msgrcv', program.pid);
  // The kernel wakes receivers at a change of the mode, so that they notice.
  queue.set({ mode: 0o600 });
  assert.equal((await program.exit()).stdout, 'EACCES msgrcv\n');
});
