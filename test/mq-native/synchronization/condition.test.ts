import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Condition, GoneError, type HeldLock, Lock, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { freshKey } from '../../helpers/keys.js';
import { skipWithoutProcesses } from '../../helpers/limits.js';
import { trackSegment } from '../../helpers/tracking.js';
import { uninterrupted } from '../../helpers/uninterrupted.js';
import {
  held,
  semaphores,
  soon,
  startUser,
  tokens,
  tracked,
  unreleased,
  untilWaiting,
  waiting,
} from './primitives.js';

test('wait gives the lock back, and has it again when it was notified', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const mine = await condition.lock.acquire();
  const wait = condition.wait(mine);
  assert.equal(mine.held, false);
  const other = await condition.lock.acquire();
  assert.equal(condition.notify(other), 1);
  assert.equal(mine.held, false, 'not before the lock is free');
  other.release();
  await wait;
  assert.equal(mine.held, true);
  assert.equal(condition.lock.tryAcquire(), undefined);
  mine.release();
  assert.deepEqual(semaphores(condition).values(), [0, 0, 0, 0]);
});

test('a waiter for the condition can wait for its lock too, which another process holds', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const wait = condition.wait(condition.lock.acquireSync());
  await untilWaiting(condition, 1);
  const user = startUser(
    t,
    condition,
    `const held = mq.Condition.fromId(id).lock.acquireSync();
    console.log('has it');
    await line();
    held.release();
    console.log('released');`,
  );
  await user.waitFor('has it');
  assert.throws(() => uninterrupted(() => condition.lock.acquireSync({ timeout: 5 })), { code: 'ETIMEDOUT' });
  user.write('release\n');
  await user.waitFor('released');
  const mine = condition.lock.acquireSync(soon);
  condition.notify(mine);
  mine.release();
  await wait;
});

test('notify wakes one, or as many as it is told, and notifyAll the rest', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  let woken = 0;
  const users = Array.from({ length: 6 }, async () => {
    using mine = await condition.lock.acquire();
    await condition.wait(mine);
    woken += 1;
  });
  await untilWaiting(condition, 6);
  const steps: [notify: (mine: HeldLock) => number, count: number, total: number][] = [
    [(mine) => condition.notify(mine), 1, 1],
    [(mine) => condition.notify(mine, 2), 2, 3],
    [(mine) => condition.notifyAll(mine), 3, 6],
    [(mine) => condition.notifyAll(mine), 0, 6],
    [(mine) => condition.notify(mine), 0, 6],
  ];
  for (const [notify, count, total] of steps) {
    const mine = await condition.lock.acquire();
    assert.equal(notify(mine), count);
    mine.release();
    await until(() => woken === total, `${total} awake`);
    await untilWaiting(condition, 6 - total);
  }
  await Promise.all(users);
});

test('a notification without a waiter is not kept', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  using mine = condition.lock.acquireSync();
  assert.equal(condition.notify(mine), 0);
  await assert.rejects(condition.wait(mine, { timeout: 5 }), { code: 'ETIMEDOUT' });
});

test('waitFor goes on when its predicate is true, and asks with the lock held', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  let value = 0;
  const wait = (async () => {
    using mine = await condition.lock.acquire();
    await condition.waitFor(mine, () => {
      assert.equal(condition.lock.holder, process.pid);
      return value === 3;
    });
    return value;
  })();
  for (let step = 1; step <= 3; step++) {
    await untilWaiting(condition, 1);
    using other = await condition.lock.acquire();
    value = step;
    condition.notifyAll(other);
  }
  assert.equal(await wait, 3);
  using mine = condition.lock.acquireSync();
  await condition.waitFor(mine, () => true);
  await assert.rejects(
    condition.waitFor(mine, () => false, { timeout: 10 }),
    { code: 'ETIMEDOUT' },
  );
  assert.equal(mine.held, true);
});

test('a timeout ends the wait with the lock held again', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const mine = await condition.lock.acquire();
  for (const timeout of [0, 5]) {
    await assert.rejects(condition.wait(mine, { timeout }), { code: 'ETIMEDOUT' });
    assert.equal(mine.held, true);
    assert.throws(
      () => {
        uninterrupted(() => condition.waitSync(mine, { timeout }));
      },
      { code: 'ETIMEDOUT' },
    );
    assert.equal(mine.held, true);
    assert.deepEqual(semaphores(condition).values(), [1, 1, 0, 0]);
  }
  mine.release();
});

test('an abort ends the wait, and the lock is waited for before it is told', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const mine = await condition.lock.acquire();
  const controller = new AbortController();
  const wait = condition.wait(mine, { signal: controller.signal });
  await untilWaiting(condition, 1);
  const other = condition.lock.acquireSync();
  controller.abort();
  await until(() => semaphores(condition).waitingForZero(held) === 1, 'the wait for the lock');
  assert.equal(mine.held, false);
  other.release();
  await assert.rejects(wait, { name: 'AbortError' });
  assert.equal(mine.held, true);
  await assert.rejects(condition.wait(mine, { signal: controller.signal }), { name: 'AbortError' });
  assert.equal(mine.held, true);
  mine.release();
});

test('a wait that begins while a notification is on its way to an earlier one does not take it', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const set = semaphores(condition);
  // What a process leaves that waits, was notified, and has been stopped on its way into the kernel.
  set.tryOperate([
    { number: waiting, delta: 1 },
    { number: tokens, delta: 1 },
  ]);
  const mine = await condition.lock.acquire();
  await condition.wait(mine, soon);
  assert.deepEqual(set.values(), [1, 1, 1, 1], 'it came back without having taken anything');
  condition.waitSync(mine, soon);
  assert.deepEqual(set.values(), [1, 1, 1, 1]);
  mine.release();
});

test('a notification whose process has died on its way is dropped, and wakes no waiter', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const set = semaphores(condition);
  set.tryOperate([{ number: tokens, delta: 2 }]);
  using mine = await condition.lock.acquire();
  await assert.rejects(condition.wait(mine, { timeout: 5 }), { code: 'ETIMEDOUT' });
  assert.equal(set.value(tokens), 0);
  set.tryOperate([{ number: tokens, delta: 2 }]);
  assert.equal(condition.notify(mine), 0);
  assert.equal(set.value(tokens), 0);
});

test('notifyAll counts those who were notified before and have still to wake up', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  // As two processes leave it of which one was notified, when both are stopped on their way into the kernel.
  semaphores(condition).tryOperate([
    { number: waiting, delta: 2 },
    { number: tokens, delta: 1 },
  ]);
  const user = startUser(
    t,
    condition,
    `const condition = mq.Condition.fromId(id);
    console.log('woken', condition.notifyAll(condition.lock.acquireSync()));`,
  );
  assert.equal((await user.waitFor(/woken (\d)\n/))[1], '1');
  assert.equal(semaphores(condition).value(tokens), 2);
});

test('the timeout of waitFor is one for all of its waits, however often it is notified', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const mine = await condition.lock.acquire();
  let ended = false;
  const wait = assert
    .rejects(
      condition.waitFor(mine, () => false, { timeout: 100 }),
      { code: 'ETIMEDOUT' },
    )
    .finally(() => {
      ended = true;
      mine.release();
    });
  await until(async () => {
    using other = await condition.lock.acquire();
    condition.notifyAll(other);
    return ended;
  }, 'the end of the timeout');
  await wait;
});

test('wait and notify want this condition’s lock, and want it held', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const released = condition.lock.acquireSync();
  released.release();
  const foreign = tracked(t, Lock.createPrivate()).acquireSync();
  for (const wrong of [released, foreign]) {
    await assert.rejects(condition.wait(wrong), /EPERM: the condition’s lock is not held/);
    assert.throws(() => condition.notify(wrong), { code: 'EPERM' });
    assert.throws(() => condition.notifyAll(wrong), { code: 'EPERM' });
    assert.throws(
      () => {
        condition.waitSync(wrong);
      },
      { code: 'EPERM' },
    );
  }
  assert.throws(() => condition.notify({} as never), TypeError);
  foreign.release();
  using mine = condition.lock.acquireSync();
  assert.throws(() => condition.notify(mine, 0), RangeError);
});

test('close ends a wait without the lock, and leaves no trace of it', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const mine = condition.lock.acquireSync();
  const wait = condition.wait(mine);
  await untilWaiting(condition, 1);
  condition.close();
  await assert.rejects(wait, { code: 'ECANCELED' });
  assert.equal(mine.held, false);
  mine.release();
  assert.deepEqual(semaphores(condition).values(), [0, 0, 0, 0]);
});

test('close of one that was notified passes the notification on', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const closing = Condition.fromId(condition.id);
  const mine = closing.lock.acquireSync();
  const wait = closing.wait(mine);
  await untilWaiting(condition, 1);
  const user = startUser(
    t,
    condition,
    `const condition = mq.Condition.fromId(id);
    await condition.wait(await condition.lock.acquire());
    console.log('awake');`,
  );
  await untilWaiting(condition, 2);
  const other = condition.lock.acquireSync();
  condition.notify(other);
  await until(() => semaphores(condition).waitingForZero(held) === 1, 'the wait for the lock');
  closing.close();
  await assert.rejects(wait, { code: 'ECANCELED' });
  other.release();
  await user.waitFor('awake');
});

test('removal ends waits with a GoneError', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const mine = condition.lock.acquireSync();
  const wait = condition.wait(mine);
  await untilWaiting(condition, 1);
  condition.remove();
  await assert.rejects(wait, GoneError);
  mine.release();
});

test('create, open and openOrCreate treat a key as semaphore sets do', (t) => {
  const key = freshKey(t);
  assert.throws(() => Condition.open(key), { code: 'ENOENT' });
  const condition = Condition.create(key);
  assert.throws(() => Condition.create(key), { code: 'EEXIST' });
  assert.equal(Condition.open(key).lock.id, condition.id);
  assert.equal(Condition.openOrCreate(key).id, condition.id);
  assert.throws(() => Lock.open(key), { code: 'EEXIST' });
  const otherKey = freshKey(t);
  SemaphoreSet.create(otherKey, { count: 5 });
  assert.throws(() => Condition.openOrCreate(otherKey), { code: 'EEXIST' });
  using mine = condition.lock.acquireSync();
  assert.deepEqual([mine.held, semaphores(condition).value(unreleased)], [true, 1]);
});

test(
  'processes that wait for their turn all get it, in every mixture of wait and waitSync',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const condition = tracked(t, Condition.createPrivate());
    const segment = trackSegment(t, SharedMemory.createPrivate({ bytes: 4 }));
    const count = 4;
    const rounds = 150;
    const users = Array.from({ length: count }, (_, index) =>
      startUser(
        t,
        condition,
        `const condition = mq.Condition.fromId(id);
      const turn = mq.SharedMemory.fromId(Number(process.argv[2])).view(Int32Array);
      const mine = Number(process.argv[3]);
      for (let round = 0; round < ${rounds}; round++) {
        const held = await condition.lock.acquire();
        while (turn[0] % ${count} !== mine) {
          if (mine % 2 === 0) await condition.wait(held);
          else condition.waitSync(held);
        }
        turn[0] += 1;
        condition.notifyAll(held);
        held.release();
      }
      console.log('done');`,
        segment.id,
        index,
      ),
    );
    for (const user of users) await user.waitFor('done');
    assert.equal(segment.view(Int32Array)[0], count * rounds);
    assert.deepEqual(semaphores(condition).values(), [0, 0, 0, 0]);
    segment.close();
  },
);

test(
  'producers and consumers of a small buffer lose nothing and never get stuck',
  { skip: skipWithoutProcesses() },
  async (t) => {
    const condition = tracked(t, Condition.createPrivate());
    const segment = trackSegment(t, SharedMemory.createPrivate({ bytes: 16 }));
    const items = 300;
    const source = `const condition = mq.Condition.fromId(id);
    // In the buffer; the sum of what was taken.
    const numbers = mq.SharedMemory.fromId(Number(process.argv[2])).view(Int32Array);
    for (let item = 1; item <= ${items}; item++) {
      const held = await condition.lock.acquire();
      if (process.argv[3] === 'produce') {
        await condition.waitFor(held, () => numbers[0] < 2);
        numbers[0] += 1;
      } else {
        await condition.waitFor(held, () => numbers[0] > 0);
        numbers[0] -= 1;
        numbers[1] += 1;
      }
      condition.notifyAll(held);
      held.release();
    }
    console.log('done');`;
    const users = ['produce', 'consume', 'produce', 'consume', 'produce', 'consume'].map((role) =>
      startUser(t, condition, source, segment.id, role),
    );
    for (const user of users) await user.waitFor('done');
    assert.deepEqual([...segment.view(Int32Array, { length: 2 })], [0, 3 * items]);
    segment.close();
  },
);

test('a notification at the moment of an abort wakes this one or another one, and is never lost', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  for (let round = 0; round < 50; round++) {
    const controller = new AbortController();
    let woken = 0;
    let aborted = 0;
    const user = async (signal?: AbortSignal): Promise<void> => {
      using mine = await condition.lock.acquire();
      await condition.wait(mine, { signal }).then(
        () => woken++,
        () => aborted++,
      );
    };
    const first = user(controller.signal);
    const second = user();
    await untilWaiting(condition, 2);
    const other = condition.lock.acquireSync();
    assert.equal(condition.notify(other), 1);
    controller.abort();
    other.release();
    await first;
    if (aborted === 0) {
      const again = await condition.lock.acquire();
      assert.equal(condition.notify(again), 1);
      again.release();
    }
    await second;
    assert.equal(woken + aborted, 2);
    assert.deepEqual(semaphores(condition).values(), [0, 0, 0, 0]);
  }
});

test('a notification at the moment of a timeout wakes a waiter, and no wait leaves a trace', async (t) => {
  const condition = tracked(t, Condition.createPrivate());
  const users = ['await condition.wait(held, options)', 'condition.waitSync(held, options)'].map((wait) =>
    startUser(
      t,
      condition,
      `const condition = mq.Condition.fromId(id);
      let woken = 0;
      console.log('begins');
      let end = false;
      line().then(() => (end = true));
      for (let round = 0; !end; round++) {
        const held = await condition.lock.acquire();
        const options = { timeout: (round % 20) / 10 };
        try {
          ${wait};
          woken += 1;
        } catch (error) {
          if (error.code !== 'ETIMEDOUT') throw error;
        }
        held.release();
        await new Promise(setImmediate);
      }
      console.log('woken', woken);`,
    ),
  );
  for (const user of users) await user.waitFor('begins');
  let notified = 0;
  await until(async () => {
    const mine = await condition.lock.acquire();
    notified += condition.notify(mine);
    mine.release();
    return notified >= 100;
  }, 'a hundred notifications');
  for (const user of users) user.write('end\n');
  let woken = 0;
  for (const user of users) woken += Number((await user.waitFor(/woken (\d+)\n/))[1]);
  assert.ok(woken >= notified, `${notified} were notified and ${woken} woken`);
  assert.deepEqual(semaphores(condition).values(), [0, 0, 0, 0]);
});
