import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { HeldError, IpcError, Liveness, SemaphoreSet } from '@timeq/mq-native';
import { deadline, until } from '../helpers/deadline.js';
import { interpose, type Call } from '../helpers/interpose.js';
import { semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { skipWithoutProcesses } from '../helpers/limits.js';
import { startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { untilBlocked } from '../helpers/threads.js';
import { asNobody, reportCode, skipWithoutNobody } from './as-nobody.js';

/** A process that claims the key and holds it until its input ends; then it releases it. */
async function startHolder(t: TestContext, key: number): Promise<RunningProcess> {
  const holder = startSnippet(
    t,
    `import { Liveness } from '@timeq/mq-native';
    const claim = Liveness.claim(Number(process.argv[1]), { mode: 0o600 });
    console.log('claimed');
    process.stdin.resume().on('end', () => claim.release());`,
    [key],
  );
  await holder.waitFor('claimed');
  return holder;
}

test('a key that was not claimed has no holder', (t) => {
  const key = freshKey(t);
  assert.deepEqual(Liveness.check(key), { state: 'none' });
  assert.equal(semaphoresAt(key), undefined);
});

test('a claimed key has a living holder, until it is released', async (t) => {
  const key = freshKey(t);
  const holder = await startHolder(t, key);
  assert.deepEqual(Liveness.check(key), { state: 'alive', pid: holder.pid });
  holder.endInput();
  assert.equal((await holder.exit()).code, 0);
  assert.deepEqual(Liveness.check(key), { state: 'none' });
  assert.equal(semaphoresAt(key), undefined);
});

test('a key that is held by a living process cannot be claimed, and the error says by whom', async (t) => {
  const key = freshKey(t);
  const holder = await startHolder(t, key);
  assert.throws(
    () => Liveness.claim(key, { mode: 0o600 }),
    (error) => {
      assert.ok(error instanceof HeldError);
      assert.equal(error.pid, holder.pid);
      assert.equal(error.key, key);
      return true;
    },
  );
  assert.deepEqual(Liveness.check(key), { state: 'alive', pid: holder.pid });
});

test('a holder that the kernel is still ending holds its key until the kernel has lowered the semaphore', async (t) => {
  const key = freshKey(t);
  // It takes the kernel some milliseconds to free so much memory, which it does before it lowers semaphores.
  const holder = startSnippet(
    t,
    `import { Liveness } from '@timeq/mq-native';
    Liveness.claim(Number(process.argv[1]), { mode: 0o600 });
    globalThis.memory = Buffer.alloc(2 ** 28, 1);
    console.log('claimed');
    process.stdin.resume();`,
    [key],
  );
  await holder.waitFor('claimed');
  holder.kill('SIGKILL');
  const seen = new Set<string>();
  await until(() => {
    seen.add(Liveness.check(key).state);
    return seen.has('dead');
  }, 'its death');
  seen.delete('alive');
  assert.deepEqual([...seen], ['dead']);
});

test('a holder that was killed is known to be dead, and the key can be claimed again', async (t) => {
  const key = freshKey(t);
  const first = await startHolder(t, key);
  await first.killed('SIGKILL');
  assert.equal(Liveness.check(key).state, 'dead');
  const second = await startHolder(t, key);
  assert.deepEqual(Liveness.check(key), { state: 'alive', pid: second.pid });
});

test('died resolves as soon as the holder is dead', async (t) => {
  const key = freshKey(t);
  const holder = await startHolder(t, key);
  const died = Liveness.died(key);
  await untilBlocked('semtimedop');
  holder.kill('SIGKILL');
  await deadline(died, 'the end of the wait for the holder’s death');
});

test('died resolves when the key is released, and at once where there is no holder', async (t) => {
  const key = freshKey(t);
  await deadline(Liveness.died(key), 'an answer about a key without holder');
  const holder = await startHolder(t, key);
  const died = Liveness.died(key);
  await untilBlocked('semtimedop');
  holder.endInput();
  await deadline(died, 'the end of the wait for the release');
});

test('the wait for a death can be aborted', async (t) => {
  const key = freshKey(t);
  await startHolder(t, key);
  const controller = new AbortController();
  const died = assert.rejects(Liveness.died(key, { signal: controller.signal }), { name: 'AbortError' });
  await untilBlocked('semtimedop');
  controller.abort();
  await deadline(died, 'the end of the aborted wait');
  await untilBlocked('semtimedop', process.pid, 0);
});

test('a claim goes on where the former holder has just removed the semaphore', (t) => {
  const key = freshKey(t);
  const remove = ({ self, go }: Call): unknown => {
    (self as SemaphoreSet).remove();
    return go();
  };
  interpose(t, SemaphoreSet.prototype, 'stat', remove, 1);
  const claim = Liveness.claim(key, { mode: 0o600 });
  assert.deepEqual(Liveness.check(key), { state: 'alive', pid: process.pid });
  claim.release();
});

test('a release of a key whose semaphore was removed is a release', (t) => {
  const key = freshKey(t);
  const claim = Liveness.claim(key, { mode: 0o600 });
  SemaphoreSet.open(key).remove();
  claim.release();
  assert.deepEqual(Liveness.check(key), { state: 'none' });
});

test('a semaphore set of another convention is foreign, is not claimed and not changed', (t) => {
  for (const values of [[0, 0], [2]]) {
    const key = freshKey(t);
    const set = SemaphoreSet.create(key, { count: values.length });
    set.setValues(values);
    assert.deepEqual(Liveness.check(key), { state: 'foreign' });
    assert.throws(
      () => Liveness.claim(key, { mode: 0o600 }),
      (error) => error instanceof IpcError && !(error instanceof HeldError) && error.code === 'EEXIST',
    );
    assert.deepEqual(set.values(), values);
  }
});

test(
  'users of the queue may see who serves it, and no others may',
  { skip: skipWithoutNobody },
  async (t) => {
    const key = freshKey(t);
    const source = `${reportCode}
    console.log(mq.Liveness.check(Number(process.argv[1])).state);
    report(() => mq.Liveness.claim(Number(process.argv[1]), { mode: 0o666 }));`;
    const open = Liveness.claim(key, { mode: 0o666 });
    const forAll = await asNobody(t, source, [key]);
    assert.equal(forAll.stderr, '');
    assert.match(forAll.stdout, /^alive\n(EACCES|EBUSY) /);
    assert.equal(Liveness.check(key).state, 'alive');
    open.release();
    const closed = Liveness.claim(key, { mode: 0o600 });
    const forOwner = await asNobody(t, source, [key]);
    assert.match(forOwner.stdout, /^unknown\nEACCES /);
    closed.release();
  },
);

test('the claim of a worker’s main program outlives the worker', async (t) => {
  const key = freshKey(t);
  const program = startSnippet(
    t,
    `import { Worker } from 'node:worker_threads';
    import { Liveness } from '@timeq/mq-native';
    const claim = Liveness.claim(Number(process.argv[1]), { mode: 0o600 });
    const worker = new Worker("import('@timeq/mq-native')", { eval: true });
    worker.on('exit', () => console.log('state', Liveness.check(Number(process.argv[1])).state));`,
    [key],
  );
  await program.waitFor('state alive');
});

test('users of the queue may see its semaphore, and only the owner may change it', (t) => {
  for (const [queue, semaphore] of [
    [0o600, 0o600],
    [0o666, 0o644],
    [0o622, 0o644],
    [0o644, 0o644],
    [0o620, 0o640],
    [0o000, 0o600],
  ] as const) {
    const key = freshKey(t);
    Liveness.claim(key, { mode: queue }).release();
    // One that is there already, of whatever mode, gets the same.
    SemaphoreSet.create(key, { count: 1, mode: 0o606 }).close();
    const liveness = Liveness.claim(key, { mode: queue });
    assert.equal(semaphoresAt(key)?.['perms'], semaphore, `queue of mode 0${queue.toString(8)}`);
    liveness.release();
  }
});

test(
  'of many processes that claim a key at the same time one gets it, and the others are told',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const key = freshKey(t);
    for (let round = 0; round < 5; round++) {
      const contenders = Array.from({ length: 6 }, () =>
        startSnippet(
          t,
          `import { HeldError, Liveness } from '@timeq/mq-native';
        console.log('ready');
        process.stdin.once('data', () => {
          try {
            Liveness.claim(Number(process.argv[1]), { mode: 0o600 });
            console.log('outcome claimed');
          } catch (error) {
            console.log('outcome', error instanceof HeldError ? 'held' : error);
          }
        });`,
          [key],
        ),
      );
      await Promise.all(contenders.map((contender) => contender.waitFor('ready')));
      for (const contender of contenders) contender.write('go\n');
      const outcomes = await Promise.all(
        contenders.map(async (one) => String((await one.waitFor(/outcome (.*)\n/))[1])),
      );
      assert.deepEqual(outcomes.toSorted(), ['claimed', 'held', 'held', 'held', 'held', 'held']);
      for (const contender of contenders) contender.kill('SIGKILL');
      await Promise.all(contenders.map((contender) => contender.exit()));
      assert.equal(Liveness.check(key).state, 'dead');
    }
  },
);

test('claims and releases in quick turns never leave two holders', async (t) => {
  const key = freshKey(t);
  const counter = SemaphoreSet.create(freshKey(t), { count: 1 });
  const contenders = Array.from({ length: 4 }, () =>
    startSnippet(
      t,
      `import { HeldError, Liveness, SemaphoreSet } from '@timeq/mq-native';
      const [key, counter] = process.argv.slice(1).map(Number);
      const holders = SemaphoreSet.fromId(counter);
      let claimed = 0;
      while (claimed < 100) {
        try {
          const claim = Liveness.claim(key, { mode: 0o600 });
          holders.operateSync([{ delta: 1 }]);
          if (holders.value() !== 1) throw new Error(holders.value() + ' holders');
          holders.operateSync([{ delta: -1 }]);
          claim.release();
          claimed += 1;
        } catch (error) {
          if (!(error instanceof HeldError)) throw error;
        }
      }
      console.log('claimed', claimed);`,
      [key, counter.id],
    ),
  );
  for (const contender of contenders) assert.equal((await contender.exit()).stdout, 'claimed 100\n');
});
