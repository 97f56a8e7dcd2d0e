import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { GoneError, IpcError, SemaphoreSet } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { startSnippet } from '../helpers/node.js';
import { untilBlocked } from '../helpers/threads.js';
import { trackSemaphores } from '../helpers/tracking.js';
import { asNobody, reportCode, skipUnlessRoot } from './as-nobody.js';

function privateSet(t: TestContext, count = 1, mode = 0o600): SemaphoreSet {
  const set = trackSemaphores(t, SemaphoreSet.createPrivate({ count, mode }));
  atEnd(t, () => {
    set.close();
  });
  return set;
}

test('a set is created, opened by key and by id, and removed', (t) => {
  const key = freshKey(t);
  assert.throws(() => SemaphoreSet.open(key), { code: 'ENOENT', syscall: 'semget' });
  const set = SemaphoreSet.create(key, { count: 3, mode: 0o640 });
  assert.equal(set.key, key);
  assert.deepEqual(
    [semaphoresAt(key)?.['semid'], semaphoresAt(key)?.['nsems'], semaphoresAt(key)?.['perms']],
    [set.id, 3, 0o640],
  );
  assert.throws(() => SemaphoreSet.create(key, { count: 3 }), { code: 'EEXIST' });
  assert.equal(SemaphoreSet.open(key).id, set.id);
  assert.equal(SemaphoreSet.openOrCreate(key, { count: 2 }).id, set.id);
  assert.throws(() => SemaphoreSet.openOrCreate(key, { count: 4 }), { code: 'EINVAL' });
  const same = SemaphoreSet.fromId(set.id);
  assert.equal(same.key, key);
  same.remove();
  assert.equal(semaphoresAt(key), undefined);
  assert.throws(() => set.value(), GoneError);
  assert.throws(() => SemaphoreSet.fromId(set.id), GoneError);
});

test('values are set and read one by one and all at once', (t) => {
  const set = privateSet(t, 3);
  assert.deepEqual(set.values(), [0, 0, 0]);
  set.setValue(1, 32767);
  assert.deepEqual([set.value(), set.value(1), set.value(2)], [0, 32767, 0]);
  set.setValues([5, 6, 7]);
  assert.deepEqual(set.values(), [5, 6, 7]);
  for (const wrong of [-1, 32768, 1.5])
    assert.throws(() => set.setValue(0, wrong), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => set.setValues([1, 2]), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => set.setValues([1, 2, -3]), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => set.value(3), { code: 'EINVAL', syscall: 'semctl' });
  assert.deepEqual(set.values(), [5, 6, 7]);
});

test('operations happen all or none', (t) => {
  const set = privateSet(t, 2);
  assert.equal(set.tryOperate([{ delta: 3 }, { number: 1, delta: 1 }]), true);
  assert.deepEqual(set.values(), [3, 1]);
  assert.equal(set.tryOperate([{ delta: -1 }, { number: 1, delta: -2 }]), false);
  assert.deepEqual(set.values(), [3, 1]);
  assert.equal(set.tryOperate([{ delta: -3 }, { delta: 0 }, { delta: 1 }]), true);
  assert.deepEqual(set.values(), [1, 1]);
  assert.equal(set.lastPid(), process.pid);
});

test('operations that the kernel refuses are errors with their reason', (t) => {
  const set = privateSet(t, 1);
  set.setValue(0, 32767);
  assert.throws(() => set.tryOperate([{ delta: 1 }]), { code: 'ERANGE', syscall: 'semop', message: /32767/ });
  assert.throws(() => set.tryOperate([{ number: 1, delta: 1 }]), { code: 'EFBIG' });
  assert.throws(() => set.tryOperate([]), { code: 'ERR_OUT_OF_RANGE' });
  for (const delta of [1.5, 32768, -32769])
    assert.throws(() => set.tryOperate([{ delta }]), { code: 'ERR_OUT_OF_RANGE' });
  assert.throws(() => set.tryOperate([{ delta: '1' as unknown as number }]), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
  assert.throws(() => set.tryOperate({ delta: 1 } as unknown as []), { code: 'ERR_INVALID_ARG_TYPE' });
  const { maxOperations } = SemaphoreSet.limits();
  const many = Array.from({ length: maxOperations + 1 }, () => ({ delta: 0 }));
  assert.throws(
    () => set.tryOperate(many),
    (error) => error instanceof IpcError || error instanceof RangeError,
  );
});

test('an operation waits until it is possible, and does not block the program', async (t) => {
  const set = privateSet(t);
  const lowering = set.operate([{ delta: -2 }]);
  await untilBlocked('semtimedop');
  assert.equal(set.waitingForIncrease(), 1);
  set.tryOperate([{ delta: 1 }]);
  assert.equal(set.value(), 1);
  set.tryOperate([{ delta: 1 }]);
  await lowering;
  assert.equal(set.value(), 0);

  set.setValue(0, 1);
  const zero = set.operate([{ delta: 0 }]);
  await untilBlocked('semtimedop');
  assert.equal(set.waitingForZero(), 1);
  set.setValue(0, 0);
  await zero;
});

test('an operation that waits ends by timeout, by abort, by close or by removal, and then has done nothing', async (t) => {
  const set = privateSet(t);
  await assert.rejects(set.operate([{ delta: -1 }], { timeout: 0 }), { code: 'ETIMEDOUT', timedOut: true });
  await assert.rejects(set.operate([{ delta: -1 }], { timeout: 10 }), {
    code: 'ETIMEDOUT',
    message: /10 ms/,
  });
  assert.throws(() => set.operateSync([{ delta: -1 }], { timeout: 10 }), { code: 'ETIMEDOUT' });
  const controller = new AbortController();
  const aborted = assert.rejects(set.operate([{ delta: -1 }], { signal: controller.signal }), {
    name: 'AbortError',
  });
  await untilBlocked('semtimedop');
  controller.abort();
  await aborted;

  const other = SemaphoreSet.fromId(set.id);
  const cancelled = assert.rejects(other.operate([{ delta: -1 }]), { code: 'ECANCELED', closed: true });
  await untilBlocked('semtimedop');
  other.close();
  await cancelled;
  assert.throws(() => other.value(), { code: 'ECANCELED' });
  set.setValue(0, 1);
  assert.equal(set.value(), 1);
  set.setValue(0, 0);

  const gone = assert.rejects(set.operate([{ delta: -1 }]), GoneError);
  await untilBlocked('semtimedop');
  set.remove();
  await gone;
});

test('a step with wait: false fails instead of waiting', async (t) => {
  const set = privateSet(t);
  await assert.rejects(set.operate([{ delta: -1, wait: false }]), { code: 'EAGAIN' });
  assert.throws(() => set.operateSync([{ delta: -1, wait: false }]), { code: 'EAGAIN' });
});

test('abort while a semaphore is raised: the operation is done once or not at all, 3,000 times', async (t) => {
  const set = privateSet(t, 2);
  const program = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    const set = SemaphoreSet.fromId(Number(process.argv[1]));
    for (;;) {
      set.operateSync([{ number: 1, delta: -1 }]);
      const until = performance.now() + Math.random() * 0.2;
      while (performance.now() < until);
      set.operateSync([{ delta: 1 }]);
    }`,
    [set.id],
  );
  await untilBlocked('semtimedop', program.pid);
  for (let round = 0; round < 3000; round++) {
    set.tryOperate([{ number: 1, delta: 1 }]);
    const controller = new AbortController();
    const done = set.operate([{ delta: -1 }], { signal: controller.signal }).then(
      () => true,
      () => false,
    );
    for (let turns = round % 7; turns > 0; turns--) await new Promise(setImmediate);
    controller.abort();
    if (!(await done)) await set.operate([{ delta: -1 }], { timeout: 60_000 });
    assert.equal(set.value(), 0);
  }
});

test('what was done with undo is taken back when the process ends, however it ends', async (t) => {
  const set = privateSet(t);
  for (const ending of [
    'process.exit()',
    "process.kill(process.pid, 'SIGKILL')",
    "throw new Error('on purpose')",
  ]) {
    const program = startSnippet(
      t,
      `import { SemaphoreSet } from '@timeq/mq-native';
      const set = SemaphoreSet.fromId(Number(process.argv[1]));
      set.tryOperate([{ delta: 2, undo: true }]);
      await set.operate([{ delta: 1, undo: true }]);
      set.operateSync([{ delta: 1 }]);
      console.log('raised');
      process.stdin.once('data', () => { ${ending}; });`,
      [set.id],
    );
    await program.waitFor('raised');
    assert.equal(set.value(), 4);
    assert.equal(set.lastPid(), program.pid);
    program.write('now\n');
    await program.exit();
    assert.equal(set.value(), 1);
    set.setValue(0, 0);
  }
});

test('a blocking operation ends with EINTR when a signal arrives', async (t) => {
  const set = privateSet(t);
  for (const options of ['{}', '{ timeout: 1_000_000 }']) {
    const program = startSnippet(
      t,
      `import { SemaphoreSet } from '@timeq/mq-native';
      const set = SemaphoreSet.fromId(Number(process.argv[1]));
      process.on('SIGUSR2', () => {});
      try {
        set.operateSync([{ delta: -1 }], ${options});
      } catch (error) {
        console.log(error.code, error.syscall);
      }`,
      [set.id],
    );
    await untilBlocked('semtimedop', program.pid);
    program.kill('SIGUSR2');
    assert.equal((await program.exit()).stdout, 'EINTR semop\n');
  }
});

test('stat, set and the list say what the kernel says', (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { count: 4, mode: 0o600 });
  const row = semaphoresAt(key);
  const expected = {
    key,
    id: set.id,
    mode: 0o600,
    count: 4,
    uid: row?.['uid'],
    gid: row?.['gid'],
    creatorUid: row?.['cuid'],
    creatorGid: row?.['cgid'],
    operateTime: 0,
    changeTime: row?.['ctime'],
  };
  assert.deepEqual(set.stat(), expected);
  assert.deepEqual(
    SemaphoreSet.list().find(({ id }) => id === set.id),
    expected,
  );
  set.tryOperate([{ delta: 1 }]);
  assert.equal(set.stat().operateTime, semaphoresAt(key)?.['otime']);
  assert.ok(set.stat().operateTime > 0);
  set.set({ mode: 0o666 });
  assert.equal(semaphoresAt(key)?.['perms'], 0o666);
});

test('the limits are the kernel’s', (t) => {
  const before = SemaphoreSet.limits();
  assert.equal(before.maxValue, 32767);
  assert.ok(
    before.maxSets > 0 && before.maxPerSet > 0 && before.maxSemaphores > 0 && before.maxOperations > 0,
  );
  privateSet(t, 3);
  assert.ok(SemaphoreSet.limits().sets >= 1 && SemaphoreSet.limits().semaphores >= 3);
});

test('who may not use a set is told so, and finds it in the list', { skip: skipUnlessRoot }, async (t) => {
  const set = privateSet(t, 2, 0o600);
  const { stdout, stderr } = await asNobody(
    t,
    `${reportCode}
    const id = Number(process.argv[1]);
    const set = mq.SemaphoreSet.fromId(id);
    report(() => set.value());
    report(() => set.tryOperate([{ delta: 1 }]));
    report(() => set.set({ mode: 0o666 }));
    report(() => set.remove());
    console.log(mq.SemaphoreSet.list().find((entry) => entry.id === id).count);`,
    [set.id],
  );
  assert.equal(stderr, '');
  assert.match(stdout, /^EACCES .*\nEACCES .*\nEPERM .*\nEPERM .*\n2\n$/);
});

test('a waiting operation keeps a program alive unless its handle is unref’d', async (t) => {
  const set = privateSet(t);
  const source = (ref: string): string => `import { SemaphoreSet } from '@timeq/mq-native';
    SemaphoreSet.fromId(Number(process.argv[1])).${ref}.operate([{ delta: -1 }]).then(() => console.log('done'));`;
  const ended = await startSnippet(t, source('unref()'), [set.id]).exit();
  assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);
  const program = startSnippet(t, source('ref()'), [set.id]);
  await untilBlocked('semtimedop', program.pid);
  set.tryOperate([{ delta: 1 }]);
  assert.equal((await program.exit()).stdout, 'done\n');
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`${signal} ends a program with an operation waiting, which is then not done`, async (t) => {
    const set = privateSet(t);
    const program = startSnippet(
      t,
      `import { SemaphoreSet } from '@timeq/mq-native';
      await SemaphoreSet.fromId(Number(process.argv[1])).operate([{ delta: -1 }]);`,
      [set.id],
    );
    await untilBlocked('semtimedop', program.pid);
    program.kill(signal);
    assert.equal((await program.exit()).signal, signal);
    set.setValue(0, 1);
    assert.equal(set.value(), 1);
  });
}

for (const options of ['{}', '{ timeout: 1_000_000 }']) {
  test(`terminate ends a worker that is blocked in operateSync with ${options}`, async (t) => {
    const set = privateSet(t);
    const program = startSnippet(
      t,
      `import { Worker } from 'node:worker_threads';
      const worker = new Worker(\`
        import('@timeq/mq-native').then(({ SemaphoreSet }) => {
          SemaphoreSet.fromId(\${process.argv[1]}).operateSync([{ delta: -1 }], ${options});
        });\`, { eval: true });
      process.stdin.once('data', () => worker.terminate().then(() => process.exit(3)));`,
      [set.id],
    );
    await untilBlocked('semtimedop', program.pid);
    program.write('go\n');
    assert.equal((await program.exit()).code, 3);
  });
}
