import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { AlarmPlan } from '@timeq/time-protocol';
import { AlarmProgress } from '#time-client/client/alarm-progress';

const FIRST = 1_000_000n;
const EVERY = 7n;

interface Server {
  /** How many of the turns that it is asked for it leaves out at first, because too many are due. */
  readonly skipped: number;
  /** Which of the turns after those reach the client, in this order; the server dies after the last. */
  readonly turns: readonly number[];
}

const server: fc.Arbitrary<Server> = fc.record({
  skipped: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 5 })),
  turns: fc.nat(8).chain((most) =>
    fc.shuffledSubarray(
      Array.from({ length: most }, (_, index) => index + 1),
      { maxLength: most },
    ),
  ),
});

/** The moment of the first turn that a plan asks for, and how many. */
function asked(plan: AlarmPlan): { from: bigint; count: number } {
  assert.ok(plan.every === EVERY);
  return { from: plan.from ?? FIRST, count: plan.count ?? 0 };
}

test('each turn comes once with its own number, however many servers ring it, and in whatever order', () => {
  fc.assert(
    fc.property(fc.array(server, { maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (servers, count) => {
      const progress = new AlarmProgress({ every: EVERY, count });
      const come = new Set<number>();
      const leftOut = new Set<number>();
      const ring = (from: bigint, turn: number, skipped: number): void => {
        const at = from + BigInt(turn - 1) * EVERY;
        const number = Number((at - FIRST) / EVERY) + 1;
        const taken = progress.take({ turn, at, sent: at, skipped });
        assert.equal(taken?.turn, come.has(number) ? undefined : number);
        if (taken === undefined) return;
        for (let each = number - skipped; each < number; each++) if (!come.has(each)) leftOut.add(each);
        come.add(number);
      };
      const start = (): { from: bigint; count: number } => {
        const plan = asked(progress.plan());
        progress.set(plan.from);
        // From the first turn that is missing to the last.
        let missing = 1;
        while (come.has(missing) || leftOut.has(missing)) missing++;
        assert.deepEqual(plan, { from: FIRST + BigInt(missing - 1) * EVERY, count: count - missing + 1 });
        return plan;
      };
      for (const { skipped, turns } of servers) {
        const plan = start();
        let isFirst = true;
        for (const turn of turns.map((each) => each + skipped)) {
          // Only the first of the turns that are due says how many were left out.
          const without = turn === skipped + 1 ? skipped : 0;
          if (turn > plan.count || (isFirst && without !== skipped)) break;
          ring(plan.from, turn, without);
          isFirst = false;
        }
      }
      const last = start();
      for (let turn = 1; turn <= last.count; turn++) ring(last.from, turn, 0);
      const all = Array.from({ length: count }, (_, index) => index + 1);
      assert.deepEqual(
        all.filter((each) => !come.has(each) && !leftOut.has(each)),
        [],
      );
      // A turn that a server left out is not asked for again.
      assert.deepEqual(
        [...leftOut].filter((each) => come.has(each)),
        [],
      );
    }),
    { numRuns: 2000 },
  );
});

test('an alarm that rings once is asked for as it was', () => {
  const progress = new AlarmProgress({ at: 5n });
  progress.set(5n);
  assert.deepEqual(progress.plan(), { at: 5n });
});
