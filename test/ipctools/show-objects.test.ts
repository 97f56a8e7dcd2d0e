import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import {
  Condition,
  CountingSemaphore,
  EventFlag,
  formatKey,
  Liveness,
  Lock,
  MessageQueue,
  SemaphoreSet,
  SharedMemory,
} from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { until } from '../helpers/deadline.js';
import { ipctools } from './support.js';

async function shown(t: TestContext, ...words: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await ipctools(t, ['show', ...words, '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const { segment, semaphoreSet } = JSON.parse(stdout) as Record<string, Record<string, unknown>>;
  return segment ?? semaphoreSet ?? assert.fail(stdout);
}

const readings = async (t: TestContext, key: number): Promise<unknown> =>
  (await shown(t, '-S', formatKey(key)))['readings'];

/** A process that does something with the object at a key, and stays until it is killed. */
async function startUser(t: TestContext, key: number, action: string): Promise<RunningProcess> {
  const source = `import * as timeq from '@timeq/mq-native'; const key = Number(process.argv[1]);
    ${action}; console.log('ready'); setInterval(() => undefined, 60_000);`;
  const user = startSnippet(t, source, [key]);
  await user.waitFor('ready');
  return user;
}

describe('ipctools show of a segment', () => {
  it('names the processes that have it attached, as the kernel counts and maps them', async (t) => {
    const key = freshKey(t);
    const segment = SharedMemory.create(key, { bytes: 8192 });
    const user = await startUser(t, key, 'globalThis.kept = timeq.SharedMemory.open(key).attach()');
    const report = await shown(t, '-M', formatKey(key));
    const attached = report['attachedProcesses'] as { pid: number; program: string }[];
    assert.deepEqual(
      attached.map(({ pid }) => pid),
      [user.pid],
    );
    assert.match(attached[0]?.program ?? '', /^node --input-type=module/);
    assert.deepEqual([report['attachments'], report['attachedProcessesKnown']], [1, true]);
    assert.equal((report['creatorProcess'] as { pid: number }).pid, process.pid);
    assert.match(readFileSync(`/proc/${user.pid}/maps`, 'latin1'), new RegExp(` ${segment.id} +/SYSV`));
    const { stdout } = await ipctools(t, ['list', 'segments', '--filter', `processes=${user.pid}`, '--raw']);
    assert.equal(stdout.trimEnd().split('\n').length, 2);
  });

  it('says that it is removed and still attached', async (t) => {
    const key = freshKey(t);
    const segment = SharedMemory.create(key, { bytes: 4096 });
    const attachment = segment.attach();
    segment.remove();
    const { stdout } = await ipctools(t, ['show', '-m', segment.id]);
    assert.match(stdout, /^segment \d+\n/);
    assert.match(stdout, /\nstate +removed; it goes with the last of 1 attachment\n/);
    assert.match(stdout, new RegExp(`\\nby +${process.pid} `));
    attachment.detach();
  });
});

describe('ipctools show of a semaphore set', () => {
  it('shows each value, its waits and the last process', async (t) => {
    const key = freshKey(t);
    const set = SemaphoreSet.create(key, { count: 3 });
    set.tryOperate([{ number: 2, delta: 5 }]);
    const action = `timeq.SemaphoreSet.open(key).operate([{ number: 0, delta: -1 }]).catch(() => undefined)`;
    const waiter = await startUser(t, key, action);
    await until(() => set.waitingForIncrease(0) === 1, 'a wait for the semaphore');
    const report = await shown(t, formatKey(key), '--kind', 'semaphores');
    const semaphores = report['semaphores'] as {
      value: number;
      waitingForIncrease: number;
      waitingForZero: number;
      last: { pid: number };
    }[];
    assert.deepEqual(
      semaphores.map(({ value, waitingForIncrease, waitingForZero }) => [
        value,
        waitingForIncrease,
        waitingForZero,
      ]),
      [
        [0, 1, 0],
        [0, 0, 0],
        [5, 0, 0],
      ],
    );
    assert.equal(semaphores[2]?.last.pid, process.pid);
    const waiting = report['waitingProcesses'] as { pid: number }[];
    assert.deepEqual([waiting.map(({ pid }) => pid), report['waitingKnown']], [[waiter.pid], true]);
    const { stdout } = await ipctools(t, ['list', 'semaphores', '--filter', `id=${set.id}`, '--json']);
    const [listed] = (JSON.parse(stdout) as { semaphores: Record<string, unknown>[] }).semaphores;
    assert.deepEqual([listed?.['values'], listed?.['waiting']], [[0, 0, 5], 1]);
  });

  it("reads the sets of Timeq's own kinds in their words", async (t) => {
    const key = freshKey(t);
    const lock = Lock.create(key);
    assert.deepEqual(await readings(t, key), ['Lock: free']);
    const held = await lock.acquire();
    // Both kinds have two semaphores, and nothing else tells them apart.
    assert.deepEqual(await readings(t, key), ['Lock: held', 'CountingSemaphore: 1 free']);
    held.release();

    const eventKey = freshKey(t);
    const event = EventFlag.create(eventKey);
    assert.deepEqual(await readings(t, eventKey), ['EventFlag: clear']);
    event.set();
    assert.deepEqual(await readings(t, eventKey), ['EventFlag: set']);

    const countingKey = freshKey(t);
    CountingSemaphore.create(countingKey, { permits: 3 });
    assert.deepEqual(await readings(t, countingKey), ['CountingSemaphore: 3 free']);

    const conditionKey = freshKey(t);
    Condition.create(conditionKey);
    assert.deepEqual(await readings(t, conditionKey), ['Condition: 0 waiting; its lock is free']);

    const foreignKey = freshKey(t);
    SemaphoreSet.create(foreignKey, { count: 1 }).setValue(0, 1);
    assert.deepEqual(await readings(t, foreignKey), [], 'set with SETVAL, as no kind of Timeq does');
  });

  it('says when the holder of a lock has died, and when the server of a queue has', async (t) => {
    const key = freshKey(t);
    Lock.create(key);
    const holder = await startUser(t, key, 'globalThis.held = await timeq.Lock.open(key).acquire()');
    await holder.killed('SIGKILL');
    const died = 'Lock: free; its last holder died without releasing it';
    assert.deepEqual(await readings(t, key), [died, 'CountingSemaphore: 0 free']);

    const queueKey = freshKey(t);
    const { id } = MessageQueue.create(queueKey);
    const server = await startUser(
      t,
      queueKey,
      'globalThis.claimed = timeq.Liveness.claim(key, { mode: 0o600 })',
    );
    const beside = `Liveness of queue ${id} (key ${formatKey(queueKey)})`;
    assert.deepEqual(await readings(t, queueKey), [`${beside}: held, so its server is alive`]);
    await server.killed('SIGKILL');
    assert.deepEqual(await readings(t, queueKey), [`${beside}: lowered, so its server has died`]);
    assert.equal(Liveness.check(queueKey).state, 'dead');
  });
});

describe('ipctools show of what does not exist', () => {
  it('says so, and how to find what does', async (t) => {
    const key = freshKey(t);
    const { code, stderr } = await ipctools(t, ['show', '-S', formatKey(key)]);
    assert.equal(code, 1);
    assert.equal(
      stderr,
      `ipctools: no semaphore set has key ${formatKey(key)} in this IPC namespace (a container has its own); ` +
        '`ipctools list semaphores` shows those that exist\n',
    );
  });
});
