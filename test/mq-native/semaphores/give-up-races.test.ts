import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hangMilliseconds } from '../../helpers/deadline.js';
import { startWith } from '../../helpers/node.js';
import { untilBlocked } from '../../helpers/threads.js';
import { privateSet } from './set.js';

test('abort while a semaphore is raised: the operation is done once or not at all, 3,000 times', async (t) => {
  const set = privateSet(t, { count: 2 });
  const program = startWith(
    t,
    set,
    `for (;;) {
      set.operateSync([{ number: 1, delta: -1 }]);
      const until = performance.now() + Math.random() * 0.2;
      while (performance.now() < until);
      set.operateSync([{ delta: 1 }]);
    }`,
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
    if (!(await done)) await set.operate([{ delta: -1 }], { timeout: hangMilliseconds });
    assert.equal(set.value(), 0);
  }
});
