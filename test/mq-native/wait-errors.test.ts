import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbortError, GoneError, IpcError, Lock, MessageQueue, SemaphoreSet } from '@timeq/mq-native';
import { runSnippet } from '../helpers/node.js';
import { trackSemaphores } from '../helpers/tracking.js';
import { privateQueue } from './queue.js';

/** Its stack has a function of this file. */
function assertNames(error: unknown, caller: string): void {
  assert.ok(error instanceof Error);
  const frame = error.stack
    ?.split('\n')
    .find((line) => new RegExp(`at async (Object\\.)?${caller} `).test(line));
  assert.ok(frame, `no ${caller} in:\n${error.stack}`);
  assert.match(frame, /wait-errors\.test\.[jt]s:\d+:\d+/);
}

async function failing(wait: () => Promise<unknown>): Promise<unknown> {
  try {
    await wait();
  } catch (error) {
    return error;
  }
  assert.fail('no error');
}

test('a time-out names the line that waited, for receives, sends, operations, locks and iterations', async (t) => {
  const queue = privateQueue(t, { maxBytes: 1 });
  const set = trackSemaphores(t, SemaphoreSet.createPrivate());
  const lock = trackSemaphores(t, Lock.createPrivate());
  using held = lock.tryAcquire();
  assert.ok(held);
  queue.trySend(1, 'x');
  const waits = {
    receiving: async () => await queue.receive({ type: 2, timeout: 5 }),
    sending: async () => await queue.send(1, 'x', { timeout: 5 }),
    operating: async () => {
      await set.operate([{ delta: -1 }], { timeout: 5 });
    },
    locking: async () => {
      await lock.acquire({ timeout: 5 });
    },
  };
  for (const [name, wait] of Object.entries(waits)) {
    const error = await failing(wait);
    assert.ok(error instanceof IpcError && error.timedOut, String(error));
    assertNames(error, name);
  }
});

test('an abort, a close and a removal name the line that waited', async (t) => {
  const queue = privateQueue(t);
  const controller = new AbortController();
  async function aborted(): Promise<void> {
    await queue.receive({ signal: controller.signal });
  }
  const abort = failing(aborted);
  controller.abort();
  const error = await abort;
  assert.ok(error instanceof AbortError);
  assertNames(error, 'aborted');

  const other = MessageQueue.fromId(queue.id);
  async function closed(): Promise<void> {
    await other.receive();
  }
  async function alsoClosed(): Promise<void> {
    await other.receive();
  }
  const [one, two] = [failing(closed), failing(alsoClosed)];
  other.close();
  assertNames(await one, 'closed');
  assertNames(await two, 'alsoClosed');

  async function removed(): Promise<void> {
    await queue.receive({ type: 7 });
  }
  async function alsoRemoved(): Promise<void> {
    await queue.receive({ type: 7 });
  }
  const both = [failing(removed), failing(alsoRemoved)];
  queue.remove();
  const errors = await Promise.all(both);
  assert.ok(errors.every((each) => each instanceof GoneError));
  // One removal, and an error for each with a stack and fields of its own.
  assert.notEqual(errors[0], errors[1]);
  assert.deepEqual({ ...(errors[0] as object) }, { ...(errors[1] as object) });
  assertNames(errors[0], 'removed');
  assertNames(errors[1], 'alsoRemoved');
});

test('a rejection that no code awaits is unhandled, as before', async (t) => {
  const { code, stderr } = await runSnippet(
    t,
    `import { MessageQueue } from '@timeq/mq-native';
    const queue = MessageQueue.createPrivate();
    process.on('exit', () => queue.remove());
    queue.receive({ timeout: 5 });`,
  );
  assert.equal(code, 1);
  assert.match(stderr, /IpcError: ETIMEDOUT: no matching message arrived within 5 ms/);
});

test('NODE_DEBUG=timeq tells what waits do, and nothing is told without', async (t) => {
  const program = `
    import { MessageQueue } from '@timeq/mq-native';
    const queue = MessageQueue.createPrivate();
    queue.longestPoll = 0;
    const received = queue.receive({ type: 3 });
    await queue.receive({ type: 4, timeout: 5 }).catch(() => undefined);
    queue.trySend(3, 'x');
    await received;
    console.log(queue.id);
    queue.remove();`;
  const quiet = await runSnippet(t, program);
  assert.equal(quiet.stderr, '');
  const { stderr, stdout } = await runSnippet(t, program, [], { env: { NODE_DEBUG: 'timeq' } });
  const queue = `queue ${stdout.trim()}`;
  const told = stderr
    .trim()
    .split('\n')
    .map((line) => line.replace(/^TIMEQ \d+: /, '').replace(/\d+\.\d ms/, 'TIME'));
  for (const line of [
    `wait 1: receive of type 3 from ${queue}`,
    `thread 0: blocks in the kernel for the receive of type 3 from ${queue}`,
    `wait 2: receive of type 4 from ${queue}, for 5 ms at most`,
    'thread 1: cancelled, its system call returned -4',
    `wait 2: ended after TIME by IpcError: ETIMEDOUT: no matching message arrived within 5 ms, msgrcv ${queue}`,
    'wait 1: done after TIME',
  ]) {
    assert.ok(told.includes(line), `${line}\n---\n${told.join('\n')}`);
  }
});
