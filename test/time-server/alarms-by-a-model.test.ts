import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { parseReply, type AlarmPlan, type Ring } from '@timeq/time-protocol';
import { Alarms } from '#time-server/alarms/alarms';

/** Alarms by a clock that shows what it is told to, and never goes on by itself. */
class Bench {
  now = 0n;
  readonly rings: Ring[] = [];
  /** How many came at a time. */
  readonly batches: number[] = [];
  lost = 0;
  readonly alarms = new Alarms(
    {
      wall: () => this.now,
      steady: () => this.now,
      asctime: () => '',
      when: () => undefined,
    },
    (ringing) => {
      this.batches.push(ringing.length);
      for (const { reply } of ringing) {
        const ring = parseReply(reply.body(this.now));
        assert.ok(ring?.kind === 'ring');
        this.rings.push(ring);
      }
    },
    () => (this.lost += 1),
  );

  set(type: number, plan: AlarmPlan): number {
    const alarm = this.alarms.add(type, 'a', plan, this.now);
    assert.ok('number' in alarm, 'refused');
    return alarm.number;
  }

  /** What rings by this moment. */
  async at(moment: bigint): Promise<Ring[]> {
    this.now = moment;
    this.alarms.clockSet();
    await this.idle();
    return this.rings.splice(0);
  }

  async idle(): Promise<void> {
    for (let before = -1; before !== this.rings.length; await turn()) before = this.rings.length;
  }
}

/** A turn in the simplest model: all of them in a list. */
interface Due {
  readonly number: number;
  turn: number;
  at: bigint;
  readonly every: bigint | undefined;
  readonly count: number;
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ at: fc.bigInt(0n, 60n) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      every: fc.bigInt(1n, 9n),
      from: fc.option(fc.bigInt(0n, 40n), { nil: undefined }),
      count: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ cancel: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ wait: fc.bigInt(0n, 9n) }) },
);

test('whatever is set and cancelled, what is due rings, in the order of its moments, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), async (actions) => {
      const bench = new Bench();
      let model: Due[] = [];
      for (const what of actions) {
        if ('cancel' in what) {
          const number = model[what.cancel]?.number ?? what.cancel + 1000;
          const known = model.some((each) => each.number === number);
          assert.equal(bench.alarms.cancel(1, number), known ? 1 : 0);
          model = model.filter((each) => each.number !== number);
        } else if ('wait' in what) {
          const now = bench.now + what.wait;
          const expected: string[] = [];
          for (;;) {
            const [first] = model
              .filter(({ at }) => at <= now)
              .toSorted((one, other) => Number(one.at - other.at) || one.number - other.number);
            if (first === undefined) break;
            expected.push(`${first.number}.${first.turn} at ${first.at}`);
            if (first.every === undefined || first.turn === first.count) {
              model = model.filter((each) => each !== first);
            } else {
              first.turn += 1;
              first.at += first.every;
            }
          }
          const rung = await bench.at(now);
          assert.deepEqual(
            rung.map(({ alarm, turn: number, at }) => `${alarm}.${number} at ${at}`),
            expected,
          );
        } else if ('at' in what) {
          model.push({ number: bench.set(1, what), turn: 1, at: what.at, every: undefined, count: 1 });
        } else {
          const { every, from = bench.now + every, count = Infinity } = what;
          model.push({ number: bench.set(1, what), turn: 1, at: from, every, count });
        }
      }
      assert.equal(bench.alarms.counts?.pending, model.length);
      bench.alarms.stop();
    }),
    { numRuns: 300 },
  );
});

test('very many alarms of one moment ring in the order in which they were set, 64 at a time', async () => {
  const bench = new Bench();
  const numbers = Array.from({ length: 300 }, () => bench.set(1, { at: 5n }));
  assert.deepEqual(await bench.at(4n), []);
  const rung = await bench.at(5n);
  assert.deepEqual(
    rung.map(({ alarm }) => alarm),
    numbers,
  );
  assert.deepEqual(bench.batches, [64, 64, 64, 64, 44]);
});

test('of an alarm without an end the last 100 of the turns that are due ring, and the rest is counted', async () => {
  const bench = new Bench();
  bench.set(1, { every: 10n, from: 0n });
  const rung = await bench.at(2005n);
  assert.deepEqual(
    rung.map(({ turn: number }) => number),
    Array.from({ length: 100 }, (_, index) => 102 + index),
  );
  assert.equal(rung[0]?.skipped, 101);
  assert.equal(bench.alarms.counts?.dropped, 101);
  assert.deepEqual(
    (await bench.at(2010n)).map(({ turn: number }) => number),
    [202],
  );
});

test('an alarm that rings 10 ms after its moment is not late, and one that rings later is', async () => {
  const bench = new Bench();
  bench.set(1, { at: 0n });
  await bench.at(10_000_000n);
  assert.equal(bench.alarms.counts?.late, 0);
  bench.set(1, { at: 0n });
  await bench.at(10_000_001n);
  assert.equal(bench.alarms.counts?.late, 1);
});

test('nothing rings of alarms whose queue is gone', async () => {
  const bench = new Bench();
  bench.set(1, { at: 5n });
  bench.set(2, { every: 5n });
  bench.alarms.drop('queue');
  assert.deepEqual(await bench.at(100n), []);
  assert.deepEqual(bench.alarms.counts, { pending: 0, rung: 0, late: 0, dropped: 2 });
});

test('an alarm whose message was not taken rings no more', async () => {
  const bench = new Bench();
  const lost = bench.set(1, { every: 5n });
  const other = bench.set(2, { every: 5n });
  assert.equal((await bench.at(5n)).length, 2);
  bench.alarms.lost(lost);
  assert.deepEqual(
    (await bench.at(10n)).map(({ alarm }) => alarm),
    [other],
  );
  assert.deepEqual([bench.lost, bench.alarms.counts?.dropped], [1, 1]);
});

test('a server takes 100,000 alarms, of one client 1000, and says so to the next one', () => {
  const bench = new Bench();
  for (let type = 1; type <= 100; type++)
    for (let count = 0; count < 1000; count++) bench.set(type, { at: 1n });
  const refused = (type: number): unknown => bench.alarms.add(type, 'a', { at: 1n }, 0n);
  assert.deepEqual(refused(1), {
    code: 'TOO_MANY_ALARMS',
    message: 'this client has 1000 alarms, the most that one may have',
  });
  assert.deepEqual(refused(101), {
    code: 'TOO_MANY_ALARMS',
    message: 'the server has 100000 alarms, the most that it takes',
  });
  assert.equal(bench.alarms.cancel(7), 1000);
  bench.set(101, { at: 1n });
  bench.alarms.stop();
});

test('an id of 128 characters is kept, a longer one refused', () => {
  const bench = new Bench();
  assert.ok('number' in bench.alarms.add(1, 'i'.repeat(128), { at: 1n }, 0n));
  assert.deepEqual(bench.alarms.add(1, 'i'.repeat(129), { at: 1n }, 0n), {
    code: 'BAD_ALARM',
    message: 'the id of an alarm may have 128 characters at most',
  });
  bench.alarms.stop();
});

test('a list of 32 alarms is whole, one of 33 says that there are more', () => {
  const bench = new Bench();
  for (let count = 0; count < 32; count++) bench.set(1, { at: 1n });
  assert.equal(bench.alarms.list(1).more, false);
  bench.set(1, { at: 1n });
  const { alarms, more } = bench.alarms.list(1);
  assert.deepEqual([alarms.length, more], [32, true]);
  assert.deepEqual(
    bench.alarms.list(1, 32).alarms.map(({ alarm }) => alarm),
    [33],
  );
  bench.alarms.stop();
});
