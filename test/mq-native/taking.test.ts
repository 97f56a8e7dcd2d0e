import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { untilBlocked } from '../helpers/threads.js';
import { startWorker } from '../helpers/worker.js';
import { skipUnlessRoot } from './as-nobody.js';
import { compete, competeSource, contestedType, handOver } from './competing.js';
import { drain, privateQueue } from './queue.js';

const type = contestedType;

/** Tells the messages of the queue while a wait for them is pending, right after one was sent. */
async function isTaken(queue: MessageQueue, body: string): Promise<boolean> {
  const receiving = queue.receive({ type });
  await untilBlocked('msgrcv');
  queue.sendSync(type, body);
  const taken = queue.stat().messages === 0;
  assert.equal((await receiving).body.toString(), body);
  return taken;
}

test('a wait leaves its message in the queue, and one that lost its races too often is handed it', async (t) => {
  const queue = privateQueue(t);
  for (let count = 0; count < 5; count++) assert.equal(await isTaken(queue, `${count}`), false);
  await compete(queue);
  for (let count = 0; count < 5; count++) assert.equal(await isTaken(queue, `${count}`), true);
});

test('with polling off it is the same', async (t) => {
  const queue = privateQueue(t);
  queue.longestPoll = 0;
  assert.equal(await isTaken(queue, 'before'), false);
  await compete(queue);
  assert.equal(await isTaken(queue, 'after'), true);
});

/** How many messages a wait takes after it has lost races, until one is left in the queue for it. */
async function takesUntilLook(queue: MessageQueue): Promise<number> {
  await compete(queue);
  let taken = 0;
  while (await isTaken(queue, String(taken))) {
    taken += 1;
    assert.ok(taken < 200, 'it goes on taking');
  }
  return taken;
}

test('a wait that takes leaves its messages in the queue again once nobody competes', async (t) => {
  const queue = privateQueue(t);
  await takesUntilLook(queue);
  for (let left = 0; left < 10; left++) assert.equal(await isTaken(queue, 'left'), false);
});

test('waits do not all take equally many messages, or a crowd that takes in turn would wake as one for the next', async (t) => {
  const counts = new Set<number>();
  for (let wait = 0; wait < 8; wait++) counts.add(await takesUntilLook(privateQueue(t)));
  assert.ok(counts.size > 1, `all of them took ${[...counts].join()}`);
});

test('what a thread takes comes whole, whatever its size, its type and how it was selected', async (t) => {
  const large = 2n ** 62n + 1n;
  for (const [selection, sent] of [
    [{}, large],
    [{ type: large }, large],
    [{ type: -9 }, 7],
    [{ except: 3 }, large],
  ] as const) {
    const queue = privateQueue(t);
    const other = privateQueue(t);
    for (const size of [0, 1, 7, 8, 9, 100, 8191, 8192]) {
      const body = Buffer.alloc(size, size);
      let contested = queue.receive(selection);
      let message;
      do {
        await new Promise(setImmediate);
        queue.sendSync(sent, body);
        message = queue.tryReceive(selection);
      } while (message !== undefined);
      // A thread of another queue takes in between: each has memory of its own.
      await compete(other);
      assert.deepEqual(await contested, { type: sent, body });
      contested = queue.receive(selection);
      queue.sendSync(sent, body);
      assert.deepEqual(await contested, { type: sent, body });
    }
    assert.deepEqual(drain(queue), []);
  }
});

test('a wait that is aborted after its thread was handed a message gets the message', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  const [receiving] = await handOver(queue, () => queue.receive({ type, signal: controller.signal }), 'late');
  controller.abort();
  assert.equal((await receiving)?.body.toString(), 'late');
  assert.deepEqual(drain(queue), []);
});

test('a wait that is aborted while others wait leaves the message to them', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  let second: Promise<{ body: Buffer }> | undefined;
  const [first] = await handOver(queue, async () => {
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

test('a handle that is closed after its thread was handed a message gives it to the first wait', async (t) => {
  const queue = privateQueue(t);
  const handle = MessageQueue.fromId(queue.id);
  let second: Promise<void> | undefined;
  const [first] = await handOver(handle, () => {
    const receiving = handle.receive({ type });
    second = assert.rejects(handle.receive({ type }), { code: 'ECANCELED' });
    return receiving;
  });
  handle.close();
  assert.equal((await first)?.body.toString(), 'in the thread’s hands');
  await second;
  assert.deepEqual(drain(queue), []);
});

test('a message larger than a wait accepts stays in the queue, although the thread takes', async (t) => {
  const queue = privateQueue(t);
  await compete(queue);
  const controller = new AbortController();
  const any = assert.rejects(queue.receive({ type, signal: controller.signal }), { name: 'AbortError' });
  await untilBlocked('msgrcv');
  // The thread has room for everything, and gets less now.
  const narrow = queue.receive({ type, maxBytes: 4 });
  controller.abort();
  await any;
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'too long');
  assert.equal(queue.stat().messages, 1);
  await assert.rejects(narrow, { code: 'E2BIG' });
  assert.equal(queue.tryReceive()?.body.toString(), 'too long');

  const fitting = queue.receive({ type, maxBytes: 4 });
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'fits');
  assert.equal(queue.stat().messages, 0);
  assert.equal((await fitting).body.toString(), 'fits');
});

test('a wait that may truncate gets what is left of a longer message, although the thread takes', async (t) => {
  const queue = privateQueue(t);
  await compete(queue);
  const receiving = queue.receive({ type, maxBytes: 3, truncate: true });
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'longer');
  assert.equal((await receiving).body.toString(), 'lon');
  assert.deepEqual(drain(queue), []);
});

/** A program that waits, and once it is told, keeps its event loop busy until its thread has the message; then `end`. */
function holding(end: string): string {
  return `import { MessageQueue } from '@timeq/mq-native';
    ${competeSource}
    const queue = MessageQueue.fromId(Number(process.argv[1]));
    queue.longestPoll = 0;
    await compete(queue);
    queue.receive({ type: ${type} }).then(() => console.log('received'));
    console.log('waits');
    process.stdin.once('data', () => {
      process.stdin.pause();
      queue.sendSync(${type}, 'held');
      if (queue.stat().messages !== 0) console.log('not taken');
      ${end}
    });`;
}

for (const [how, end, code] of [
  ['process.exit', 'process.exit(3);', 3],
  ['an error that nobody catches', "throw new Error('on purpose');", 1],
] as const) {
  test(`a message in a thread’s hands goes back into the queue when the program ends by ${how}`, async (t) => {
    const queue = privateQueue(t);
    const program = startSnippet(t, holding(end), [queue.id]);
    await program.waitFor('waits');
    await untilBlocked('msgrcv', program.pid);
    program.write('go\n');
    const ended = await program.exit();
    assert.deepEqual([ended.code, ended.stdout], [code, 'waits\n']);
    assert.equal(queue.tryReceive()?.body.toString(), 'held');
  });
}

test('a program ends although what its thread holds has no way back into a full queue', async (t) => {
  const queue = privateQueue(t, { maxBytes: 9 });
  const program = startSnippet(t, holding("queue.sendSync(1, 'nine byte'); process.exit(3);"), [queue.id]);
  await program.waitFor('waits');
  await untilBlocked('msgrcv', program.pid);
  program.write('go\n');
  const { code, stdout } = await program.exit();
  assert.deepEqual([code, stdout], [3, 'waits\n']);
  assert.deepEqual(drain(queue), [1]);
});

test('a message in the hands of a worker’s thread is not lost when the worker is terminated', async (t) => {
  const queue = privateQueue(t);
  const source = `import(${JSON.stringify(import.meta.resolve('@timeq/mq-native'))}).then(async ({ MessageQueue }) => {
      ${competeSource}
      const queue = MessageQueue.fromId(${queue.id});
      // A wait that polled would not get any further while the loop is busy.
      queue.longestPoll = 0;
      await compete(queue);
      queue.receive({ type: ${type} });
      require('node:worker_threads').parentPort.once('message', (busy) => {
        Atomics.store(busy, 0, 1);
        for (;;);
      });
    });`;
  const worker = startWorker(t, source, { eval: true });
  await once(worker, 'online');
  const busy = new Int32Array(new SharedArrayBuffer(4));
  worker.postMessage(busy);
  await until(() => Atomics.load(busy, 0) === 1, 'the busy loop of the worker');
  await untilBlocked('msgrcv');
  queue.sendSync(type, 'held');
  assert.equal(queue.stat().messages, 0);
  await worker.terminate();
  assert.equal(queue.tryReceive()?.body.toString(), 'held');
});

test(
  'a program that may only read never takes, for it could not put back',
  { skip: skipUnlessRoot },
  async (t) => {
    for (const [mode, takes] of [
      [0o604, false],
      [0o606, true],
    ] as const) {
      const queue = privateQueue(t, { mode });
      const orders = privateQueue(t, { mode: 0o666 });
      // Its event loop is blocked whenever it is looked at, so only its thread can take anything.
      const program = startSnippet(
        t,
        `import { MessageQueue } from '@timeq/mq-native';
        const [queue, orders] = process.argv.slice(1).map((id) => MessageQueue.fromId(Number(id)));
        process.setgroups([]);
        process.setgid(65534);
        process.setuid(65534);
        queue.longestPoll = 0;
        queue.receive({ type: ${type} }).then(() => process.exit());
        process.stdin.on('data', () => {
          orders.receiveSync();
          console.log('released');
        });`,
        [queue.id, orders.id],
      );
      let taken = false;
      for (let round = 0; round < 30 && !taken; round++) {
        await untilBlocked('msgrcv', program.pid);
        program.write('block\n');
        await untilBlocked('msgrcv', program.pid, 2);
        queue.sendSync(type, 'contested');
        taken = queue.tryReceive() === undefined;
        orders.sendSync(1, '');
        await program.nextLine();
      }
      assert.equal(taken, takes);
      program.kill('SIGKILL');
      await program.exit();
    }
  },
);

test('a crowd of processes that give up at random gets each message exactly once', async (t) => {
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
});

test('of a crowd of which one is killed, at most the message in its hands is lost', async (t) => {
  const queue = privateQueue(t);
  const results = privateQueue(t);
  const consumer = `import { MessageQueue } from '@timeq/mq-native';
    ${competeSource}
    const [queue, results] = process.argv.slice(1).map((id) => MessageQueue.fromId(Number(id)));
    await compete(queue, 1);
    console.log('takes');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    for (;;) {
      const { body } = await queue.receive({ type: 1 });
      await results.send(1, body);
    }`;
  const crowd: RunningProcess[] = [];
  for (let count = 0; count < 3; count++) {
    const program = startSnippet(t, consumer, [queue.id, results.id]);
    crowd.push(program);
    // One after the other, or they would take from each other what they compete for.
    await program.waitFor('takes');
  }
  for (const program of crowd) program.write('go\n');
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
