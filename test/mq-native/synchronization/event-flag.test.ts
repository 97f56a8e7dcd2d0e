import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventFlag, GoneError, SemaphoreSet } from '@timeq/mq-native';
import { until } from '../../helpers/deadline.js';
import { freshKey } from '../../helpers/keys.js';
import { skipWithoutProcesses } from '../../helpers/limits.js';
import { untilBlocked } from '../../helpers/threads.js';
import { semaphores, soon, startUser, tracked } from './primitives.js';
import { uninterrupted } from '../../helpers/uninterrupted.js';

test('an event is clear at first, and set and clear say whether they changed it', (t) => {
  const event = tracked(t, EventFlag.createPrivate());
  assert.equal(event.isSet, false);
  assert.equal(event.clear(), false);
  assert.equal(event.set(), true);
  assert.equal(event.set(), false);
  assert.equal(event.isSet, true);
  assert.equal(event.clear(), true);
  assert.equal(event.isSet, false);
});

test('to wait for an event that is set is to go on, and leaves it set', async (t) => {
  const event = tracked(t, EventFlag.createPrivate());
  event.set();
  await event.wait(soon);
  uninterrupted(() => event.waitSync(soon));
  await event.wait({ timeout: 0 });
  assert.equal(event.isSet, true);
});

test('set wakes all who wait, in all processes and threads', { skip: skipWithoutProcesses() }, async (t) => {
  const event = tracked(t, EventFlag.createPrivate());
  const users = [
    'await event.wait();',
    'event.waitSync();',
    'await Promise.all([event.wait(), event.wait()]);',
  ].map((wait) =>
    startUser(t, event, `const event = mq.EventFlag.fromId(id);\n${wait}\nconsole.log('awake');`),
  );
  const here = event.wait(soon);
  await until(() => semaphores(event).waitingForIncrease() === 5, 'five waits');
  event.set();
  await here;
  for (const user of users) await user.waitFor('awake');
});

test('all who sleep are woken, also when the event is cleared right after', async (t) => {
  const event = tracked(t, EventFlag.createPrivate());
  const waits = Array.from({ length: 10 }, () => event.wait(soon));
  await until(() => semaphores(event).waitingForIncrease() === 10, 'ten waits');
  event.set();
  event.clear();
  await Promise.all(waits);
  assert.equal(event.isSet, false);
});

test('of many processes that set it at once one changes it, and it is not set twice', async (t) => {
  const event = tracked(t, EventFlag.createPrivate());
  const users = Array.from({ length: 4 }, () =>
    startUser(
      t,
      event,
      `const event = mq.EventFlag.fromId(id);
      console.log('ready');
      await line();
      let changes = 0;
      for (let count = 0; count < 10000; count++) {
        if (event.set()) changes++;
        if (event.clear()) changes--;
      }
      console.log('changes', changes);`,
    ),
  );
  for (const user of users) await user.waitFor('ready');
  for (const user of users) user.write('go\n');
  let changes = 0;
  for (const user of users) changes += Number((await user.waitFor(/changes (-?\d+)\n/))[1]);
  assert.equal(changes, semaphores(event).value());
});

test('timeout, abort, close and removal end a wait', async (t) => {
  const event = tracked(t, EventFlag.createPrivate());
  await assert.rejects(event.wait({ timeout: 5 }), { code: 'ETIMEDOUT' });
  assert.throws(
    () => {
      uninterrupted(() => event.waitSync({ timeout: 5 }));
    },
    { code: 'ETIMEDOUT' },
  );
  await assert.rejects(event.wait({ signal: AbortSignal.timeout(5) }), { name: 'AbortError' });
  const other = EventFlag.fromId(event.id);
  const closed = assert.rejects(other.wait(), { code: 'ECANCELED' });
  const removed = assert.rejects(event.wait(), GoneError);
  await untilBlocked('semtimedop', process.pid, 2);
  other.close();
  await closed;
  event.remove();
  await removed;
});

test('the death of its setter leaves it set, the death of a waiter leaves it as it is', async (t) => {
  const event = tracked(t, EventFlag.createPrivate());
  const waiter = startUser(t, event, 'await mq.EventFlag.fromId(id).wait();');
  await until(() => semaphores(event).waitingForIncrease() === 1, 'the wait');
  await waiter.end();
  assert.equal(event.isSet, false);
  const setter = startUser(t, event, `mq.EventFlag.fromId(id).set(); console.log('set');`);
  await setter.waitFor('set');
  await setter.end();
  assert.equal(event.isSet, true);
});

test('create, open and openOrCreate treat a key as semaphore sets do', (t) => {
  const key = freshKey(t);
  assert.throws(() => EventFlag.open(key), { code: 'ENOENT' });
  const event = EventFlag.create(key);
  assert.throws(() => EventFlag.create(key), { code: 'EEXIST' });
  event.set();
  assert.equal(EventFlag.open(key).isSet, true);
  assert.equal(EventFlag.openOrCreate(key).isSet, true);
  const otherKey = freshKey(t);
  SemaphoreSet.create(otherKey, { count: 2 });
  assert.throws(() => EventFlag.open(otherKey), { code: 'EEXIST' });
});
