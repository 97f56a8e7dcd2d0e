import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { failure, USUAL_RUNS } from './outcome.js';
import { nothingLost } from './nothing-lost.js';
import { sameAsModel } from './same-as-model.js';
import { Subject } from './subject.js';

/** TIMEQ_SEED repeats a run, TIMEQ_RUNS makes it longer. */
const seed = Number(process.env['TIMEQ_SEED'] ?? randomInt(2 ** 31));
const runs = Number(process.env['TIMEQ_RUNS'] ?? USUAL_RUNS);

async function assertHolds<Values>(t: TestContext, property: fc.IAsyncProperty<Values>): Promise<void> {
  t.diagnostic(`seed ${seed}, ${runs} runs (TIMEQ_SEED, TIMEQ_RUNS)`);
  const what = failure(await fc.check(property, { seed, numRuns: runs }));
  assert.ok(what === undefined, what);
}

test('a queue behaves like the model of a System V queue, for operations of either of two processes', async (t) => {
  await assertHolds(t, sameAsModel(await Subject.make(t)));
});

test('messages that two processes send and take at the same time are neither lost, duplicated nor reordered', async (t) => {
  await assertHolds(t, nothingLost(await Subject.make(t)));
});
