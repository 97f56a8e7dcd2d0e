import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { getEventListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { skipWithoutCommands } from '../helpers/commands.js';
import { deadline, hangMilliseconds } from '../helpers/deadline.js';
import { skipWithoutProcesses } from '../helpers/limits.js';
import { root, snippetCommand, startWith } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { threadsIn, untilBlocked } from '../helpers/threads.js';
import { anotherHandle, drain, privateQueue } from './queue.js';
import { uninterrupted } from '../helpers/uninterrupted.js';
import { skipWithoutOtherUser } from '../helpers/users.js';

test(
  '64 pending receives do not keep files, names or a send from being read, looked up or sent',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const queue = privateQueue(t);
    const receiving = Array.from({ length: 64 }, (_, index) => queue.receive({ type: 100 + index }));
    await untilBlocked('msgrcv', process.pid, 64);

    // Each of these needs a thread of libuv's pool, which has four.
    const others = Promise.all([
      ...Array.from({ length: 8 }, () => readFile(new URL(import.meta.url))),
      lookup('localhost'),
      queue.send(1, 'and a send'),
    ]);
    await deadline(others, 'files, a name and a send beside 64 pending receives');
    assert.equal((await queue.receive({ type: 1 })).body.toString(), 'and a send');
    await untilBlocked('msgrcv', process.pid, 64);

    for (let index = 63; index >= 0; index--) await queue.send(100 + index, String(index));
    const bodies = (await Promise.all(receiving)).map(({ body }) => Number(body));
    assert.deepEqual(
      bodies,
      Array.from({ length: 64 }, (_, index) => index),
    );
  },
);

test('64 handles wait on 64 queues at the same time', { skip: skipWithoutProcesses() }, async (t) => {
  const queues = Array.from({ length: 64 }, () => privateQueue(t));
  const receiving = queues.map((queue) => queue.receive());
  await untilBlocked('msgrcv', process.pid, 64);
  await Promise.all(queues.map((queue, index) => queue.send(1, String(index))));
  const bodies = (await Promise.all(receiving)).map(({ body }) => Number(body));
  assert.deepEqual(
    bodies,
    queues.map((_, index) => index),
  );
});

test(
  '64 waits whose messages came while the program was busy get them, or leave them when they are cancelled',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const queue = privateQueue(t);
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const receiving = Array.from({ length: 64 }, (_, index) =>
      queue.receive({ type: 100 + index, handOver: index % 2 === 0, ...(index % 3 === 0 && { signal }) }),
    );
    await untilBlocked('msgrcv', process.pid, 64);
    for (let index = 0; index < 64; index++) queue.sendSync(100 + index, 'body');
    // All threads are back from their calls before the event loop turns. Every other one has its message.
    while (threadsIn('msgrcv') > 0);
    giveUp.abort();
    const ends = await deadline(Promise.allSettled(receiving), 'the ends of 64 waits');
    const received = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.type] : []));
    const types = Array.from({ length: 64 }, (_, index) => 100 + index);
    const left = types.filter((type) => (type - 100) % 3 === 0 && type % 2 === 1);
    assert.deepEqual(drain(queue), left);
    assert.deepEqual(
      received,
      types.filter((type) => !left.includes(type)),
    );
  },
);

test(
  'the ends of very many waits at once let the event loop turn in between',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const queue = privateQueue(t);
    let turn = 0;
    let counting = setImmediate(function count() {
      turn += 1;
      counting = setImmediate(count);
    });
    t.after(() => {
      clearImmediate(counting);
    });
    const endings = new Map<number, number>();
    const waits = Array.from({ length: 300 }, async (_, index) => {
      await assert.rejects(queue.receive({ type: index + 1 }), { code: 'EIDRM' });
      endings.set(turn, (endings.get(turn) ?? 0) + 1);
    });
    await untilBlocked('msgrcv', process.pid, waits.length);
    queue.remove();
    // All are over before the event loop hears of the first.
    while (threadsIn('msgrcv') > 0);
    await deadline(Promise.all(waits), 'the ends of 300 waits');
    assert.ok(Math.max(...endings.values()) <= 4, `in one turn: ${Math.max(...endings.values())}`);
  },
);

test(
  '64 sends that wait on 64 full queues do not hold up files, and all are sent',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const queues = Array.from({ length: 64 }, () => privateQueue(t, { maxBytes: 1 }));
    for (const queue of queues) queue.sendSync(1, '');
    const sending = queues.map((queue, index) => queue.send(2 + index, ''));
    await untilBlocked('msgsnd', process.pid, 64);
    await deadline(readFile(new URL(import.meta.url)), 'a file beside 64 pending sends');
    for (const queue of queues) queue.tryReceive();
    await Promise.all(sending);
    assert.deepEqual(
      queues.map((queue) => queue.tryReceive()?.type),
      queues.map((_, index) => 2 + index),
    );
  },
);

test('100,000 sends that are not awaited arrive whole and in order, while the same program receives', async (t) => {
  const queue = privateQueue(t);
  const count = 100_000;
  const sends = Array.from({ length: count }, (_, index) => queue.send(1 + (index % 7), `body ${index}`));
  let index = 0;
  for await (const { type, body } of queue.messages()) {
    if (type !== 1 + (index % 7) || body.toString() !== `body ${index}`)
      assert.fail(`not in order at ${index}`);
    index += 1;
    if (index === count) break;
  }
  await Promise.all(sends);
  assert.deepEqual(drain(queue), []);
});

test('100,000 sends that are not awaited arrive whole and in order in another process', async (t) => {
  const queue = privateQueue(t);
  const count = 100_000;
  const receiver = startWith(
    t,
    queue,
    `const count = Number(process.argv[2]);
    for (let index = 0; index < count; index++) {
      const { body } = queue.receiveSync();
      if (body.readUInt32LE(0) !== index || body.length !== 4 + (index % 60)) throw new Error('not in order at ' + index);
    }
    console.log('all', count);`,
    count,
  );
  const body = Buffer.alloc(64);
  const sends: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    body.writeUInt32LE(index, 0);
    // The same memory over and over: each send has its own copy.
    sends.push(queue.send(1, body.subarray(0, 4 + (index % 60))));
  }
  await Promise.all(sends);
  await receiver.waitFor('all 100000');
});

test('a pending receive gets a message from another process, with and without a body', async (t) => {
  const queue = privateQueue(t);
  const sender = startWith(
    t,
    queue,
    `process.stdin.setEncoding('utf8').on('data', (text) => queue.sendSync(7, text.trim()));`,
  );
  for (const body of ['text', '', 'more', '', '']) {
    const receiving = queue.receive();
    await untilBlocked('msgrcv');
    sender.write(`${body}\n`);
    const message = await deadline(receiving, 'a message');
    assert.deepEqual([message.type, message.body.toString()], [7, body]);
  }
});

test('one handle is woken for a message that another handle’s wait of the same program does not take', async (t) => {
  const queue = privateQueue(t);
  const other = anotherHandle(t, queue);
  const first = queue.receive();
  const second = other.receive();
  await untilBlocked('msgrcv', process.pid, 2);
  await queue.send(1, 'a');
  await queue.send(1, 'b');
  const bodies = (await Promise.all([first, second])).map(({ body }) => body.toString());
  assert.deepEqual(bodies.toSorted(), ['a', 'b']);
});

test('empty messages wake as many waits as there are messages', async (t) => {
  const queue = privateQueue(t);
  const handles = Array.from({ length: 8 }, () => anotherHandle(t, queue));
  for (let round = 0; round < 50; round++) {
    const receiving = handles.map((handle) => handle.receive());
    for (let index = 0; index < handles.length; index++)
      queue.sendSync(1 + index, index % 3 === 0 ? 'body' : '');
    const types = (await Promise.all(receiving)).map(({ type }) => Number(type));
    assert.deepEqual(
      types.toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
  }
  assert.deepEqual(drain(queue), []);
});

test('a timeout of 0 tries once', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  await assert.rejects(queue.receive({ timeout: 0 }), { code: 'ETIMEDOUT', timedOut: true });
  await queue.send(1, '', { timeout: 0 });
  await assert.rejects(queue.send(2, '', { timeout: 0 }), { code: 'ETIMEDOUT', timedOut: true });
  assert.equal((await queue.receive({ timeout: 0 })).type, 1);
  assert.throws(() => queue.receiveSync({ timeout: 0 }), { code: 'ETIMEDOUT' });
  queue.sendSync(1, '', { timeout: 0 });
  assert.throws(() => queue.sendSync(1, '', { timeout: 0 }), { code: 'ETIMEDOUT' });
  assert.equal(queue.receiveSync({ timeout: 0 }).type, 1);
});

test('a timeout ends each form of wait, and takes and leaves nothing', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  const timedOut = (syscall: string) => (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.match(error.message, new RegExp(`^ETIMEDOUT: .*\\b20 ms, ${syscall} queue ${queue.id}`));
    return true;
  };
  await assert.rejects(queue.receive({ timeout: 20 }), timedOut('msgrcv'));
  assert.throws(() => uninterrupted(() => queue.receiveSync({ timeout: 20 })), timedOut('msgrcv'));
  queue.sendSync(1, '');
  await assert.rejects(queue.send(2, '', { timeout: 20 }), timedOut('msgsnd'));
  assert.throws(() => uninterrupted(() => queue.sendSync(3, '', { timeout: 20 })), timedOut('msgsnd'));
  assert.deepEqual(drain(queue), [1]);
});

test('a timeout is not over before its time', async (t) => {
  const queue = privateQueue(t);
  for (const milliseconds of [1, 7.5, 30]) {
    const start = performance.now();
    assert.throws(() => uninterrupted(() => queue.receiveSync({ timeout: milliseconds })), {
      code: 'ETIMEDOUT',
    });
    assert.ok(performance.now() - start >= milliseconds);
  }
});

test('a timeout that does not pass leaves no trace', async (t) => {
  const queue = privateQueue(t);
  const receiving = queue.receive({ timeout: 1_000_000 });
  await untilBlocked('msgrcv');
  await queue.send(1, 'in time');
  assert.equal((await receiving).body.toString(), 'in time');
  queue.sendSync(1, 'in time', { timeout: 1_000_000 });
  assert.equal(queue.receiveSync({ timeout: 1_000_000 }).body.toString(), 'in time');
});

test('Infinity is no time limit', async (t) => {
  const queue = privateQueue(t);
  const receiving = queue.receive({ timeout: Infinity });
  await untilBlocked('msgrcv');
  queue.sendSync(1, '', { timeout: Infinity });
  await receiving;
  queue.sendSync(1, '');
  assert.equal(queue.receiveSync({ timeout: Infinity }).type, 1);
});

test('a timeout that is no time, or a signal that is none, is refused', async (t) => {
  const queue = privateQueue(t);
  for (const timeout of [-1, Number.NaN, 2 ** 31, -Infinity]) {
    await assert.rejects(queue.receive({ timeout }), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    await assert.rejects(queue.send(1, '', { timeout }), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    assert.throws(() => queue.receiveSync({ timeout }), { name: 'RangeError' });
    assert.throws(() => queue.sendSync(1, '', { timeout }), { name: 'RangeError' });
  }
  for (const signal of [{}, 'signal', 5, null]) {
    const wrong = { signal: signal as unknown as AbortSignal };
    await assert.rejects(queue.receive(wrong), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    await assert.rejects(queue.send(1, '', wrong), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  }
  assert.deepEqual(drain(queue), []);
});

test('a signal that is aborted already ends a wait before it begins, and takes and sends nothing', async (t) => {
  const queue = privateQueue(t);
  queue.sendSync(1, '');
  const signal = AbortSignal.abort('no');
  await assert.rejects(queue.receive({ signal }), { name: 'AbortError', code: 'ABORT_ERR', cause: 'no' });
  await assert.rejects(queue.send(2, '', { signal }), { name: 'AbortError', code: 'ABORT_ERR', cause: 'no' });
  assert.deepEqual(drain(queue), [1]);
});

test('one signal ends many waits, and leaves no listener behind', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const { signal } = controller;
  for (let count = 0; count < 20; count++) {
    const receiving = queue.receive({ signal });
    queue.sendSync(1, '');
    await receiving;
  }
  assert.equal(getEventListeners(signal, 'abort').length, 0);
  const waits = Array.from({ length: 20 }, (_, index) => queue.receive({ type: 1 + (index % 4), signal }));
  const rejected = Promise.all(waits.map((wait) => assert.rejects(wait, { name: 'AbortError' })));
  await untilBlocked('msgrcv', process.pid, 4);
  controller.abort();
  await rejected;
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('an aborted send is not sent, and those behind it are', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  queue.sendSync(1, '');
  const controller = new AbortController();
  const first = assert.rejects(queue.send(2, '', { signal: controller.signal }), { name: 'AbortError' });
  const second = queue.send(3, '');
  await untilBlocked('msgsnd');
  controller.abort();
  await first;
  queue.tryReceive();
  await second;
  assert.deepEqual(drain(queue), [3]);
});

test('a wait in the middle of others may be cancelled, and the others go on', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const first = queue.receive();
  const second = assert.rejects(queue.receive({ signal: controller.signal }), { name: 'AbortError' });
  const third = queue.receive();
  await untilBlocked('msgrcv');
  controller.abort();
  await second;
  await queue.send(1, 'first');
  await queue.send(1, 'third');
  assert.equal((await first).body.toString(), 'first');
  assert.equal((await third).body.toString(), 'third');
});

test('a program that waits uses no processor time', async (t) => {
  const queue = privateQueue(t);
  const waiter = startWith(
    t,
    queue,
    `let before;
    process.stdin.once('data', () => { before = process.cpuUsage(); console.log('measuring'); });
    console.log('waiting');
    await queue.receive();
    const { user, system } = process.cpuUsage(before);
    console.log('used', user + system);`,
  );
  await waiter.waitFor('waiting');
  await untilBlocked('msgrcv', waiter.pid);
  waiter.write('now\n');
  await waiter.waitFor('measuring');
  // Not a wait for something to be done: the time in which a program that polls would be found out.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  queue.sendSync(1, '');
  const used = Number((await waiter.waitFor(/used (\d+)/))[1]);
  assert.ok(used < 300_000, `${used} µs of processor time in a second of waiting`);
});

test('receives that come in turns of polling and waiting lose nothing', async (t) => {
  const queue = privateQueue(t);
  const echo = startWith(
    t,
    queue,
    `for await (const { type, body } of queue.messages({ except: 2 })) await queue.send(2, type + ' ' + body);`,
  );
  for (let round = 0; round < 2000; round++) {
    // Now and then there is time for both sides to fall asleep.
    if (round % 200 === 0) await untilBlocked('msgrcv', echo.pid);
    const type = 3 + round;
    await queue.send(type, round % 2 === 0 ? '' : 'body');
    const { body } = await queue.receive({ type: 2, timeout: hangMilliseconds });
    assert.equal(body.toString(), `${type} ${round % 2 === 0 ? '' : 'body'}`);
  }
});

test('a handle of one queue waits while another process removes and creates queues', async (t) => {
  const queue = privateQueue(t);
  const receiving = queue.receive();
  await untilBlocked('msgrcv');
  for (let count = 0; count < 200; count++) MessageQueue.createPrivate().remove();
  await queue.send(1, 'undisturbed');
  assert.equal((await receiving).body.toString(), 'undisturbed');
});

test(
  'where no thread can be started to wait, that is told, and nothing is lost',
  { skip: skipWithoutCommands('prlimit', 'setpriv') || skipWithoutOtherUser(65_533) },
  async (t) => {
    const queue = privateQueue(t, { mode: 0o666 });
    const source = `import { MessageQueue } from '@timeq/mq-native';
    const queue = MessageQueue.fromId(Number(process.argv[1]));
    const waits = Array.from({ length: 80 }, (_, index) => queue.receive({ type: index + 1 }));
    const failed = waits.map((wait) => wait.then(() => undefined, ({ code, hint }) => code + ' ' + hint));
    console.log((await Promise.race(failed)) ?? 'received');
    process.exit();`;
    // A limit on threads counts those of all processes of a user, so it takes a user without any.
    const limited = ['prlimit', '--nproc=40', 'setpriv', '--reuid=65533', '--regid=65533', '--clear-groups'];
    const [command = '', ...rest] = [...limited, process.execPath, ...snippetCommand(source, [queue.id])];
    const { stdout } = await run(t, command, rest, { cwd: root });
    assert.match(stdout, /^EAGAIN .*ulimit -u/);
    queue.sendSync(1, '');
    assert.deepEqual(drain(queue), [1]);
  },
);

test('a consumer that works on each message lets the event loop turn between them, though more are there', async (t) => {
  const queue = privateQueue(t);
  const messages = 100;
  for (let i = 0; i < messages; i++) queue.trySend(1, '.');
  let turned = true;
  let immediate = setImmediate(function turn() {
    turned = true;
    immediate = setImmediate(turn);
  });
  let [taken, inTurn, most] = [0, 0, 0];
  for await (const { body } of queue.messages()) {
    inTurn = turned ? 1 : inTurn + 1;
    turned = false;
    most = Math.max(most, inTurn);
    taken += body.length;
    for (const end = performance.now() + 1; performance.now() < end;);
    if (taken === messages) break;
  }
  clearImmediate(immediate);
  assert.ok(most <= 32, `${most} messages in a turn`);
});
