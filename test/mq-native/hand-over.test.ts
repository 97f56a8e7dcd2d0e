import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { skipWithoutProcesses } from '../helpers/limits.js';
import { startSnippet, startWith } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { threadsIn, untilBlocked } from '../helpers/threads.js';
import { skipWithoutNobody } from './as-nobody.js';
import { awaitedType, untilHanded } from './handing-over.js';
import { anotherHandle, drain, privateQueue } from './queue.js';

const type = awaitedType;

test('waits have their turn: each message goes to the one that has waited longest, whichever process asks meanwhile', async (t) => {
  const queue = privateQueue(t);
  const handles = Array.from({ length: 4 }, () => anotherHandle(t, queue));
  for (let round = 0; round < 20; round++) {
    const receiving: Promise<{ body: Buffer }>[] = [];
    for (const handle of handles) {
      receiving.push(handle.receive(round % 2 === 0 ? { type } : {}));
      await untilBlocked('msgrcv', process.pid, receiving.length);
    }
    for (let index = 0; index < handles.length; index++) {
      queue.sendSync(type, String(index));
      assert.equal(queue.tryReceive(), undefined, 'a message was there for a process that did not wait');
    }
    const bodies = (await Promise.all(receiving)).map(({ body }) => body.toString());
    assert.deepEqual(bodies, ['0', '1', '2', '3']);
  }
});

test('a server that takes any message and answers at once never takes back a reply that is waited for', async (t) => {
  const queue = privateQueue(t);
  startWith(
    t,
    queue,
    `for (;;) {
      const { type, body } = queue.receiveSync();
      if (type === 1) queue.sendSync(3, 'reply to ' + body);
    }`,
  );
  for (const longestPoll of [200, 0]) {
    queue.longestPoll = longestPoll;
    for (let request = 0; request < 100; request++) {
      const receiving = queue.receive({ type: 3, timeout: hangMilliseconds });
      await untilBlocked('msgrcv');
      queue.sendSync(1, String(request));
      assert.equal((await receiving).body.toString(), `reply to ${request}`);
    }
  }
});

test('a message wakes the process that is handed it and none of the others that wait', async (t) => {
  const queue = privateQueue(t);
  const crowd = Array.from({ length: 4 }, () =>
    startWith(
      t,
      queue,
      `import { readdirSync, readFileSync } from 'node:fs';
    const waits = () => Math.max(...readdirSync('/proc/self/task').map((task) =>
        readFileSync('/proc/self/task/' + task + '/wchan', 'utf8').includes('msgrcv')
          ? Number(/^voluntary_ctxt_switches:\\s*(\\d+)/m.exec(readFileSync('/proc/self/task/' + task + '/status', 'utf8'))[1])
          : -1));
      let received = 0;
      const count = () => { received += 1; queue.receive({ type: 1 }).then(count); };
      queue.receive({ type: 1 }).then(count);
      process.stdin.on('data', () => console.log('woken', waits(), 'received', received));`,
    ),
  );
  const ask = async (): Promise<number[][]> =>
    await Promise.all(
      crowd.map(async (program) => {
        await untilBlocked('msgrcv', program.pid);
        program.write('?');
        const [, woken, received] = await program.waitFor(/woken (\d+) received (\d+)\n/);
        return [Number(woken), Number(received)];
      }),
    );
  const before = await ask();
  for (let message = 1; message <= 40; message++) {
    queue.sendSync(1, '');
    await until(() => crowd.every(({ pid }) => threadsIn('msgrcv', pid) === 1), 'four processes that wait');
  }
  const after = await ask();
  let received = 0;
  let woken = 0;
  for (const [index, [wakes = 0, messages = 0]] of after.entries()) {
    received += messages;
    woken += wakes - (before[index]?.[0] ?? 0);
  }
  assert.equal(received, 40);
  // Each wake-up sleeps again in msgrcv, and at times once more for the next call; all four for each message were 160.
  assert.ok(woken <= 100, `${woken} times woken by 40 messages`);
});

for (const [where, onHandle, onReceive] of [
  ['on the receive', undefined, false],
  ['on the handle', false, undefined],
] as const) {
  test(`with "handOver: false" ${where} a message stays in the queue until the event loop takes it`, async (t) => {
    const queue = privateQueue(t);
    const handle = MessageQueue.fromId(queue.id, { handOver: onHandle });
    t.after(() => {
      handle.close();
    });
    const controller = new AbortController();
    const receiving = handle.receive({ type, handOver: onReceive, signal: controller.signal });
    await untilBlocked('msgrcv');
    queue.sendSync(type, 'stays');
    assert.equal(queue.stat().messages, 1);
    assert.equal(queue.tryReceive()?.body.toString(), 'stays');
    await untilBlocked('msgrcv');
    queue.sendSync(type, 'comes');
    assert.equal((await receiving).body.toString(), 'comes');
    const aborted = assert.rejects(handle.receive({ type, handOver: onReceive, signal: controller.signal }), {
      name: 'AbortError',
    });
    await untilBlocked('msgrcv');
    queue.sendSync(type, 'stays');
    controller.abort();
    await aborted;
    assert.deepEqual(drain(queue), [type]);
  });
}

test('a receive may ask for its turn although its handle does not, and each wait of a handle has its own way', async (t) => {
  const queue = privateQueue(t);
  const handle = MessageQueue.fromId(queue.id, { handOver: false });
  t.after(() => {
    handle.close();
  });
  const controller = new AbortController();
  const handed = assert.rejects(handle.receive({ type, handOver: true, signal: controller.signal }), {
    name: 'AbortError',
  });
  const left = handle.receive({ type });
  await untilBlocked('msgrcv');
  // The thread goes on for the second one, with no room.
  controller.abort();
  await handed;
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'stays');
  assert.equal(queue.stat().messages, 1);
  assert.equal((await left).body.toString(), 'stays');
  const [receiving] = await untilHanded(queue, () => handle.receive({ type, handOver: true }));
  await receiving;
});

test('"handOver" that is neither true nor false is refused', async (t) => {
  const queue = privateQueue(t);
  for (const handOver of ['no', 0, null]) {
    const wrong = { handOver: handOver as unknown as boolean };
    await assert.rejects(queue.receive(wrong), { code: 'ERR_INVALID_ARG_TYPE' });
    if (handOver !== null)
      assert.throws(() => MessageQueue.fromId(queue.id, wrong), { code: 'ERR_INVALID_ARG_TYPE' });
  }
});

test('a message that a thread takes arrives whole, whatever its size, its type and its selection', async (t) => {
  const large = 2n ** 62n + 1n;
  for (const [selection, sent] of [
    [{}, large],
    [{ type: large }, large],
    [{ type: -9 }, 7],
    [{ except: 3 }, large],
  ] as const) {
    const queue = privateQueue(t);
    const other = privateQueue(t);
    const { maxMessageBytes } = MessageQueue.limits();
    for (const size of [0, 1, 7, 8, 9, 100, maxMessageBytes - 1, maxMessageBytes]) {
      const body = Buffer.alloc(size, size);
      const receiving = queue.receive(selection);
      await untilBlocked('msgrcv');
      // A thread of another queue is handed one in between: each has memory of its own.
      const beside = other.receive();
      await untilBlocked('msgrcv', process.pid, 2);
      queue.sendSync(sent, body);
      other.sendSync(5, 'beside');
      assert.equal(queue.stat().messages, 0);
      assert.deepEqual(await receiving, { type: sent, body });
      assert.equal((await beside).body.toString(), 'beside');
    }
    assert.deepEqual(drain(queue), []);
  }
});

test('a wait that is aborted after its thread was handed a message gets the message', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const [receiving] = await untilHanded(
    queue,
    () => queue.receive({ type, signal: controller.signal }),
    'late',
  );
  controller.abort();
  assert.equal((await receiving)?.body.toString(), 'late');
  assert.deepEqual(drain(queue), []);
});

test('a wait that is aborted while others wait leaves the message to them', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  let second: Promise<{ body: Buffer }> | undefined;
  const [first] = await untilHanded(queue, async () => {
    const aborted = assert.rejects(queue.receive({ type, signal: controller.signal }), {
      name: 'AbortError',
    });
    second = queue.receive({ type });
    await aborted;
  });
  controller.abort();
  await first;
  assert.equal((await second)?.body.toString(), 'in the thread’s hands');
});

test('a message that was handed to a closed handle goes back into the queue, behind the others', async (t) => {
  const queue = privateQueue(t);
  const handle = anotherHandle(t, queue);
  let second: Promise<void> | undefined;
  const [first] = await untilHanded(queue, async () => {
    const closed = assert.rejects(handle.receive({ type }), { code: 'ECANCELED' });
    second = assert.rejects(handle.receive({ type }), { code: 'ECANCELED' });
    await closed;
  });
  queue.sendSync(1, 'before it');
  handle.close();
  await first;
  await second;
  assert.deepEqual(
    [...queue.peekAll()].map((message) => message.type),
    [1, type],
  );
  assert.equal(queue.receiveSync({ type }).body.toString(), 'in the thread’s hands');
});

test('a message that was handed to a closed handle and has no way back goes to the first wait', async (t) => {
  const queue = privateQueue(t, { maxBytes: 100 });
  const handle = anotherHandle(t, queue);
  let second: Promise<void> | undefined;
  const [first] = await untilHanded(queue, () => {
    const receiving = handle.receive({ type });
    second = assert.rejects(handle.receive({ type }), { code: 'ECANCELED' });
    return receiving;
  });
  queue.sendSync(1, Buffer.alloc(100));
  handle.close();
  assert.equal((await first)?.body.toString(), 'in the thread’s hands');
  await second;
  assert.deepEqual(drain(queue), [1]);
});

test('a wait is refused what is longer than it accepts by the kernel itself, whichever process takes the message first', async (t) => {
  const queue = privateQueue(t);
  const narrow = assert.rejects(queue.receive({ type, maxBytes: 4 }), { code: 'E2BIG' });
  await untilBlocked('msgrcv');
  const next = queue.receive({ type, maxBytes: 4 });
  queue.sendSync(type, 'too long');
  assert.equal(queue.tryReceive()?.body.toString(), 'too long');
  await narrow;
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'fits');
  assert.equal((await next).body.toString(), 'fits');
});

test('when a wait is cancelled, its thread gets the room that the next one accepts', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const any = assert.rejects(queue.receive({ type, signal: controller.signal }), { name: 'AbortError' });
  const narrow = assert.rejects(queue.receive({ type, maxBytes: 4 }), { code: 'E2BIG' });
  const last = queue.receive({ type });
  await untilBlocked('msgrcv');
  controller.abort();
  await any;
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'too long');
  assert.equal(queue.stat().messages, 1);
  await narrow;
  assert.equal((await last).body.toString(), 'too long');
});

test('a wait that is cancelled between others keeps their thread, and what it was handed, for the next', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const first = assert.rejects(queue.receive({ type, maxBytes: 9, signal: controller.signal }), {
    name: 'AbortError',
  });
  const [second] = await untilHanded(queue, () => queue.receive({ type, maxBytes: 9 }), 'nine byte');
  controller.abort();
  await first;
  assert.equal((await second)?.body.toString(), 'nine byte');
});

test('a cancelled wait keeps a message that the kernel handed to it if the next wait accepts less', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const [first] = await untilHanded(queue, () => queue.receive({ type, signal: controller.signal }));
  const second = queue.receive({ type, maxBytes: 4 });
  controller.abort();
  assert.equal((await first)?.body.toString(), 'in the thread’s hands');
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'fits');
  assert.equal((await second).body.toString(), 'fits');
});

test('a wait that may truncate gets the beginning of what was handed over, and the whole goes back', async (t) => {
  const queue = privateQueue(t);
  const [receiving] = await untilHanded(
    queue,
    () => queue.receive({ type, maxBytes: 3, truncate: true }),
    'longer',
  );
  assert.equal((await receiving)?.body.toString(), 'lon');
  const handle = anotherHandle(t, queue);
  const [closed] = await untilHanded(
    queue,
    () => assert.rejects(handle.receive({ type, maxBytes: 3, truncate: true }), { code: 'ECANCELED' }),
    'longer',
  );
  handle.close();
  await closed;
  assert.equal(queue.receiveSync().body.toString(), 'longer');
});

test('a program that may only read has its turn all the same', { skip: skipWithoutNobody }, async (t) => {
  const queue = privateQueue(t, { mode: 0o604 });
  const program = startWith(
    t,
    queue,
    `process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
      queue.longestPoll = 0;
      for (let count = 0; count < 2; count++) console.log((await queue.receive({ type: ${type} })).body.toString());
      // What it can't put back it receives.
      setImmediate(() => { queue.close(); });
      await queue.receive().catch(({ code }) => console.log(code));`,
  );
  for (const body of ['one', 'two']) {
    await untilBlocked('msgrcv', program.pid);
    queue.sendSync(type, body);
    assert.equal(queue.tryReceive(), undefined);
    await program.waitFor(body);
  }
  assert.equal((await program.exit()).stdout, 'one\ntwo\nECANCELED\n');
});

test(
  'a crowd of processes that cancel waits at random gets each message exactly once',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const queue = privateQueue(t);
    const results = privateQueue(t);
    const count = 10_000;
    const consumer = `import { MessageQueue } from '@timeq/mq-native';
    const [queue, results] = process.argv.slice(1).map((id) => MessageQueue.fromId(Number(id)));
    if (process.pid % 2 === 0) queue.longestPoll = 0;
    const random = (below) => Math.floor(Math.random() * below);
    for (;;) {
      const controller = new AbortController();
      const options = { type: -2 };
      if (random(2) === 0) options.timeout = random(3);
      else if (random(2) === 0) options.signal = controller.signal;
      if (random(4) === 0) options.maxBytes = 2 + random(10);
      const receiving = queue.receive(options);
      receiving.catch(() => {});
      for (let turns = random(6); turns > 0; turns--) await new Promise(setImmediate);
      controller.abort();
      try {
        const { body } = await receiving;
        if (body.toString() === 'end') break;
        results.sendSync(1, body.length === 0 ? 'empty' : body);
      } catch (error) {
        if (!['ABORT_ERR', 'ETIMEDOUT', 'E2BIG'].includes(error.code)) throw error;
      }
    }`;
    const crowd = Array.from({ length: 8 }, () => startSnippet(t, consumer, [queue.id, results.id]));
    const seen = new Map<string, number>();
    const collecting = (async () => {
      for (let received = 0; received < count; received++) {
        const { body } = await results.receive({ timeout: hangMilliseconds });
        seen.set(body.toString(), (seen.get(body.toString()) ?? 0) + 1);
      }
    })();
    let empty = 0;
    for (let index = 0; index < count; index++) {
      const body = index % 5 === 0 ? '' : `${index} `.padEnd(index % 30, '.');
      if (body === '') empty += 1;
      await queue.send(1 + (index % 2), body);
    }
    await collecting;
    for (const _ of crowd) await queue.send(1, 'end');
    for (const program of crowd) assert.equal((await program.exit()).code, 0);
    assert.equal(seen.get('empty'), empty);
    seen.delete('empty');
    assert.equal(seen.size, count - empty);
    assert.ok([...seen.values()].every((times) => times === 1));
    assert.deepEqual([drain(queue), drain(results)], [[], []]);
  },
);

test('when one of a crowd is killed, at most the message that it holds is lost', async (t) => {
  const queue = privateQueue(t);
  const results = privateQueue(t);
  const consumer = `import { MessageQueue } from '@timeq/mq-native';
    const [queue, results] = process.argv.slice(1).map((id) => MessageQueue.fromId(Number(id)));
    for (;;) {
      const { body } = await queue.receive({ type: 1 });
      await results.send(1, body);
    }`;
  const crowd: RunningProcess[] = [];
  for (let count = 0; count < 3; count++) crowd.push(startSnippet(t, consumer, [queue.id, results.id]));
  for (const { pid } of crowd) await untilBlocked('msgrcv', pid);
  const seen = new Set<string>();
  let index = 0;
  const exchange = async (): Promise<void> => {
    await queue.send(1, String(index));
    index += 1;
    const { body } = await results.receive({ timeout: hangMilliseconds });
    assert.ok(!seen.has(body.toString()), 'a message came twice');
    seen.add(body.toString());
  };
  for (let rounds = 0; rounds < 500; rounds++) await exchange();
  for (let more = 0; more < 20; more++) await queue.send(1, String(index++));
  crowd[0]?.kill('SIGKILL');
  await crowd[0]?.exit();
  // Behind all others, so what was sent before is taken by then.
  for (let more = 0; more < 19; more++) {
    const { body } = await results.receive({ timeout: hangMilliseconds });
    assert.ok(!seen.has(body.toString()), 'a message came twice');
    seen.add(body.toString());
  }
  await until(() => queue.stat().messages === 0, 'an empty queue');
  while (seen.size < index) {
    const last = results.tryReceive();
    if (last === undefined) break;
    seen.add(last.body.toString());
  }
  assert.ok(seen.size >= index - 1);
  await exchange();
});
