import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageQueue, type MessageType } from '@timeq/mq-native';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { freshKey } from '../helpers/keys.js';
import { untilBlocked } from '../helpers/threads.js';
import { drain, privateQueue } from './queue.js';

/** Types as they are given, and as they come out: a number wherever that is exact. */
const types: [MessageType, MessageType][] = [
  [1, 1],
  [1n, 1],
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 2 ** 31],
  [2 ** 32 - 1, 2 ** 32 - 1],
  [2 ** 32, 2 ** 32],
  [2 ** 32 + 1, 2 ** 32 + 1],
  [2 ** 40, 2 ** 40],
  [2n ** 40n + 5n, 2 ** 40 + 5],
  [2 ** 53 - 1, 2 ** 53 - 1],
  [2n ** 53n - 1n, 2 ** 53 - 1],
  [2n ** 53n, 2n ** 53n],
  [2n ** 53n + 1n, 2n ** 53n + 1n],
  [2n ** 62n + 12345n, 2n ** 62n + 12345n],
  [2n ** 63n - 1n, 2n ** 63n - 1n],
];

test('a type passes whole in every form, by number and by bigint', async (t) => {
  const queue = privateQueue(t);
  for (const [given, expected] of types) {
    await queue.send(given, 'x');
    assert.equal(queue.trySend(given, 'x'), true);
    queue.sendSync(given, 'x');
    await queue.send(given, '');
    await queue.send(given, '');
    assert.equal(queue.peek()?.type, expected);
    assert.equal((await queue.receive({ type: given })).type, expected);
    assert.equal(queue.tryReceive({ type: given })?.type, expected);
    assert.equal(queue.receiveSync({ type: given }).type, expected);
    assert.deepEqual(
      queue.receiveBatch({ type: given }).map(({ type }) => type),
      [expected, expected],
    );
  }
});

test('a type passes whole through a thread that waits, with and without a body', async (t) => {
  const queue = privateQueue(t);
  for (const [given, expected] of types) {
    for (const body of ['', 'x']) {
      const receiving = queue.receive({ type: given });
      await untilBlocked('msgrcv');
      // A neighbour that differs in the lowest bit or in the highest ones would match if anything were narrowed.
      const neighbour = BigInt(given) ^ 1n;
      if (neighbour > 0n) queue.sendSync(neighbour, body);
      queue.sendSync(given, body);
      assert.equal((await receiving).type, expected);
      drain(queue);
    }
  }
});

test('a type passes whole through a thread that waits to send', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  for (const [given, expected] of types) {
    queue.sendSync(1, '');
    const sending = queue.send(given, '');
    await untilBlocked('msgsnd');
    queue.tryReceive();
    await sending;
    assert.deepEqual(drain(queue), [expected]);
  }
});

test('the lowest type up to a large one is found, and "except" compares all bits', (t) => {
  const queue = privateQueue(t);
  for (const type of [2n ** 53n + 1n, 2 ** 40, 2n ** 53n + 3n]) queue.sendSync(type, '');
  assert.equal(queue.tryReceive({ type: -(2 ** 31) }), undefined);
  assert.equal(queue.tryReceive({ type: -(2n ** 63n - 1n) })?.type, 2 ** 40);
  assert.equal(queue.tryReceive({ except: 2n ** 53n + 1n })?.type, 2n ** 53n + 3n);
  assert.equal(queue.tryReceive({ except: 2n ** 53n + 1n }), undefined);
  assert.equal(queue.tryReceive({ type: -(2n ** 53n + 1n) })?.type, 2n ** 53n + 1n);
});

test('large types are the same to another language', { skip: skipWithout('perl') }, async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  const all = types.map(([given]) => BigInt(given));
  const perl = startPeer(
    t,
    'perl',
    `use IPC::Msg;
    my $queue = IPC::Msg->new(shift, 0);
    for my $expected (@ARGV) {
      my $type = $queue->rcv(my $body, 100, $expected + 0);
      $queue->snd($type, "$type");
    }
    print "done\\n";`,
    [key, ...all.map(String)],
  );
  for (const type of all) await queue.send(type, '');
  await perl.waitFor('done');
  for (const type of all) {
    const message = queue.tryReceive({ type });
    assert.equal(message?.body.toString(), String(type));
    assert.equal(BigInt(message.type), type);
  }
});

test('a type that is no C long from 1 on is refused by every form of send', async (t) => {
  const queue = privateQueue(t);
  for (const type of [0, -1, 1.5, Number.NaN, Infinity, 2 ** 53, 2 ** 63, 0n, -1n, 2n ** 63n]) {
    const expected = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
    await assert.rejects(queue.send(type, ''), expected);
    assert.throws(() => queue.trySend(type, ''), expected);
    assert.throws(() => queue.sendSync(type, ''), expected);
  }
  for (const type of ['1', undefined, null, {}, true]) {
    const expected = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
    await assert.rejects(queue.send(type as number, ''), expected);
    assert.throws(() => queue.trySend(type as number, ''), expected);
    assert.throws(() => queue.sendSync(type as number, ''), expected);
  }
  assert.deepEqual(drain(queue), []);
});

test('a type to select by that is no C long is refused by every form of receive', async (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, '');
  const selections = [
    ...[1.5, Number.NaN, 2 ** 53, -(2 ** 53), 2n ** 63n, -(2n ** 63n)].map((type) => ({ type })),
    ...[0, -1, 1.5, 2n ** 63n].map((except) => ({ except })),
  ];
  for (const selection of selections) {
    const expected = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
    await assert.rejects(queue.receive(selection), expected);
    assert.throws(() => queue.tryReceive(selection), expected);
    assert.throws(() => queue.receiveSync(selection), expected);
    assert.throws(() => queue.receiveBatch(selection), expected);
    assert.throws(() => queue.messages(selection), expected);
  }
  for (const type of ['1', null, {}]) {
    assert.throws(() => queue.tryReceive({ type: type as unknown as number }), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
  assert.deepEqual(drain(queue), [1]);
});
