import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SemaphoreSet } from '@timeq/mq-native';
import { interpose, type Call } from '../../helpers/interpose.js';
import { freshKey } from '../../helpers/keys.js';
import { skipWithoutProcesses } from '../../helpers/limits.js';
import { startSnippet } from '../../helpers/node.js';
import { privateSet } from './set.js';

test('a set is created with its first values, and says that it was initialised', (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { initialValues: [3, 0, 7] });
  assert.deepEqual(set.values(), [3, 0, 7]);
  assert.notEqual(set.stat().operateTime, 0);
  assert.deepEqual(SemaphoreSet.open(key, { initialised: true, timeout: 0 }).values(), [3, 0, 7]);
});

test('a new set does not say that it was initialised before it has its values', (t) => {
  const marks: number[] = [];
  interpose(t, SemaphoreSet.prototype, 'setValues', ({ self, go }) => {
    marks.push((self as SemaphoreSet).stat().operateTime);
    return go();
  });
  privateSet(t, { initialValues: [3, 1] });
  assert.deepEqual(marks, [0]);
});

test('first values of zero leave their mark, too', (t) => {
  const set = privateSet(t, { initialValues: [0, 0] });
  assert.deepEqual(set.values(), [0, 0]);
  assert.notEqual(set.stat().operateTime, 0);
});

test('wrong first values are refused before anything is created', (t) => {
  const key = freshKey(t);
  assert.throws(() => SemaphoreSet.create(key, { initialValues: [32768] }), RangeError);
  assert.throws(() => SemaphoreSet.create(key, { initialValues: [] }), RangeError);
  assert.throws(() => SemaphoreSet.create(key, { initialValues: [1, 2], count: 3 }), RangeError);
  assert.throws(() => SemaphoreSet.open(key), { code: 'ENOENT' });
});

test(
  'of many processes that open or create at once, one initialises, and none sees the set before that',
  { skip: skipWithoutProcesses() },
  async (t) => {
    for (let round = 0; round < 3; round++) {
      const key = freshKey(t);
      const racers = Array.from({ length: 8 }, () =>
        startSnippet(
          t,
          `import { SemaphoreSet } from '@timeq/mq-native';
        console.log('ready');
        process.stdin.once('data', () => {
          const set = SemaphoreSet.openOrCreate(Number(process.argv[1]), { initialValues: [100] });
          // Each takes one, so that a second initialisation would show in the sum.
          console.log('took', set.tryOperate([{ delta: -1 }]));
          process.stdin.unref();
        });`,
          [key],
        ),
      );
      await Promise.all(racers.map((racer) => racer.waitFor('ready')));
      for (const racer of racers) racer.write('go');
      for (const racer of racers) assert.equal((await racer.waitFor(/took (\w+)\n/))[1], 'true');
      assert.equal(SemaphoreSet.open(key).value(), 100 - racers.length);
    }
  },
);

test('a program that opens a set waits until its creator has initialised it', async (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { count: 1 });
  const opener = startSnippet(
    t,
    `import { SemaphoreSet } from '@timeq/mq-native';
    console.log('opening');
    const set = SemaphoreSet.openOrCreate(Number(process.argv[1]), { initialValues: [5] });
    console.log('value', set.value());`,
    [key],
  );
  await opener.waitFor('opening');
  set.setValue(0, 42);
  assert.ok(!opener.stdout.includes('value'), 'to set a value is not yet to have initialised');
  set.tryOperate([{ delta: 1 }]);
  assert.equal((await opener.waitFor(/value (\d+)\n/))[1], '43');
});

test('a set that is removed before its creator has initialised it is made anew, with the values', (t) => {
  const key = freshKey(t);
  const removed = SemaphoreSet.create(key, { count: 1 });
  // Right before the look whether it was initialised.
  const remove = ({ go }: Call): unknown => {
    SemaphoreSet.removeId(removed.id);
    return go();
  };
  interpose(t, SemaphoreSet.prototype, 'stat', remove, 1);
  const set = SemaphoreSet.openOrCreate(key, { initialValues: [5] });
  assert.notEqual(set.id, removed.id);
  assert.deepEqual(set.values(), [5]);
});

test('a set that is never initialised is an error that says what to do', (t) => {
  const key = freshKey(t);
  SemaphoreSet.create(key, { count: 1 });
  assert.throws(
    () => SemaphoreSet.open(key, { initialised: true, timeout: 5 }),
    /ETIMEDOUT: .*creator.*ipcrm -s/,
  );
});
