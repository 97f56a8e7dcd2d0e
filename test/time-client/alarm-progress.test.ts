import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { AlarmTurn } from '@timeq/time-client';
import { AlarmProgress } from '#time-client/client/alarm-progress';

const EVERY = 1_000_000n;

function turn(number: number, skipped = 0): AlarmTurn {
  return { turn: number, at: BigInt(number) * EVERY, sent: BigInt(number) * EVERY, skipped };
}

/** Numbers of turns, each with how many before it are left out. */
function told(turns: readonly AlarmTurn[]): string {
  return turns.map((each) => (each.skipped > 0 ? `${each.turn}-${each.skipped}` : `${each.turn}`)).join(' ');
}

function begun(count?: number): AlarmProgress {
  const progress = new AlarmProgress({ every: EVERY, ...(count !== undefined && { count }) });
  progress.set(EVERY);
  return progress;
}

test('turns that come in any order, some of them twice, are passed on once and in their order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }).chain((count) => {
        const numbers = Array.from({ length: count }, (_, index) => index + 1);
        const twice = fc.subarray(numbers).map((more) => [...numbers, ...more]);
        return twice.chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
      }),
      (numbers) => {
        const count = Math.max(...numbers);
        const progress = begun(count);
        const passed = numbers.flatMap((number) => progress.take(turn(number)));
        assert.deepEqual(
          passed.map((each) => each.turn),
          Array.from({ length: count }, (_, index) => index + 1),
        );
        assert.ok(progress.isOver && progress.waiting === 0);
      },
    ),
  );
});

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

test('each turn comes once, in its order and with its own moment, however many servers ring it, or leave it out', () => {
  fc.assert(
    fc.property(fc.array(server, { maxLength: 6 }), fc.integer({ min: 1, max: 40 }), (servers, count) => {
      const progress = new AlarmProgress({ every: EVERY, count });
      const leftOut = new Set<number>();
      let next = 1;
      const ring = (from: bigint, number: number, skipped: number): void => {
        const at = from + BigInt(number - 1) * EVERY;
        for (let each = 1; each <= skipped; each++) leftOut.add(Number(at / EVERY) - each);
        for (const passed of progress.take({ turn: number, at, sent: at, skipped })) {
          assert.equal(BigInt(passed.turn) * EVERY, passed.at);
          assert.equal(passed.turn, next + passed.skipped);
          for (; next < passed.turn; next++) assert.ok(leftOut.has(next), `${next} was missed`);
          next += 1;
        }
      };
      const start = (): { from: bigint; count: number } => {
        const plan = progress.plan();
        assert.ok(plan.every === EVERY);
        const { from = EVERY, count: asked } = plan;
        // From the first turn that is missing to the last.
        assert.deepEqual({ from, asked }, { from: BigInt(next) * EVERY, asked: count - next + 1 });
        progress.set(from);
        return { from, count: count - next + 1 };
      };
      for (const { skipped, turns } of servers) {
        const plan = start();
        // Only the first of the turns that are due says how many were left out.
        for (const each of turns) {
          if (each + skipped <= plan.count) ring(plan.from, each + skipped, each === 1 ? skipped : 0);
        }
      }
      const last = start();
      for (let each = 1; each <= last.count; each++) ring(last.from, each, 0);
      assert.equal(next, count + 1);
      assert.ok(progress.isOver);
    }),
    { numRuns: 2000 },
  );
});

test('a turn waits for one before it, which the next server is asked for', () => {
  const progress = begun(10);
  assert.equal(told(progress.take(turn(1))), '1');
  assert.equal(told([...progress.take(turn(3)), ...progress.take(turn(4))]), '');
  assert.ok(progress.waiting > 0 && !progress.isOver);
  assert.deepEqual(progress.plan(), { every: EVERY, from: 2n * EVERY, count: 9 });
  // Of the next server: 2, 3, 4 and 5.
  assert.equal(told([1, 2, 3, 4].flatMap((number) => progress.take(turn(number)))), '2 3 4 5');
  assert.equal(progress.waiting, 0);
});

test('of turns that a server leaves out, those that have come are passed on, and the others counted', () => {
  const progress = begun();
  assert.equal(told(progress.take(turn(1))), '1');
  assert.equal(told([...progress.take(turn(5)), ...progress.take(turn(6))]), '');
  progress.plan();
  // Its first turn is 2, and it leaves out 2 to 8.
  assert.equal(told(progress.take(turn(8, 7))), '5-3 6 9-2');
  assert.equal(told(progress.take(turn(9))), '10');
});

test('a turn that leaves out too few waits for the others', () => {
  const progress = begun();
  assert.equal(told(progress.take(turn(9, 3))), '');
  assert.equal(told(progress.take(turn(5, 4))), '5-4 9-3');
});

test('an alarm that rings once is over when it has rung', () => {
  const progress = new AlarmProgress({ at: EVERY });
  progress.set(EVERY);
  assert.deepEqual(progress.plan(), { at: EVERY });
  assert.equal(progress.isOver, false);
  assert.equal(told(progress.take(turn(1))), '1');
  assert.equal(progress.isOver, true);
  assert.equal(told(progress.take(turn(1))), '');
});
