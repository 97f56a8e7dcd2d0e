import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Arrangement } from '@timeq/console/page/arrangement';
import { filterFrom, type Order } from '@timeq/console/page/choice';
import { COLUMNS } from '@timeq/console/page/columns';
import type { Queue } from '@timeq/console/page/store';
import { deadline } from '../helpers/deadline.js';

const NOW = 1_000_000;

/** Queues with few values, so that many are equal, and some unknown. */
function makeQueues(count: number): Queue[] {
  return Array.from({ length: count }, (_, index) => {
    const scattered = Math.imul(index + 1, 0x9e3779b1) >>> 8;
    const row = {
      id: scattered,
      key: `0x${(scattered % 97).toString(16).padStart(8, '0')}`,
      owner: `user${scattered % 3}`,
      mode: '0600',
      messages: scattered % 11,
      bytes: scattered % 13,
      usedAt: scattered % 17,
      ...(scattered % 5 > 0 && { full: scattered % 101 }),
    };
    return { row, points: [] };
  });
}

/** The ids in their order, by the sort of the language. */
function expected(queues: readonly Queue[], { column, descending }: Order): number[] {
  const values = queues.map(({ row }) => ({ id: row.id, value: column.value(row, NOW) }));
  const known = values.filter(({ value }) => value !== undefined);
  const unknown = values.filter(({ value }) => value === undefined);
  known.sort(({ id, value = 0 }, other) => {
    if (value === other.value) return id - other.id;
    return value < (other.value ?? 0) === descending ? 1 : -1;
  });
  return [...known, ...unknown.sort((one, other) => one.id - other.id)].map(({ id }) => id);
}

function arrange(queues: readonly Queue[], filter: string, order: Order): Promise<number[]> {
  return deadline(
    new Promise((resolve) => {
      new Arrangement((found) => {
        resolve(found.map(({ row }) => row.id));
      }).start(queues, filterFrom(filter), order, NOW);
    }),
    'the arrangement',
  );
}

describe('the order of the table in the page', () => {
  for (const count of [0, 1, 499, 500, 501, 3777]) {
    it(`sorts ${count} queues by each column, both ways, as the language does`, async () => {
      const queues = makeQueues(count);
      for (const column of COLUMNS)
        for (const descending of [false, true])
          assert.deepEqual(
            await arrange(queues, '', { column, descending }),
            expected(queues, { column, descending }),
            column.name,
          );
    });
  }

  it('has exactly the queues that fit the filter', async () => {
    const queues = makeQueues(3000);
    const [column] = COLUMNS;
    assert.ok(column);
    const order = { column, descending: false };
    const fitting = queues.filter(({ row }) => row.messages > 4 && row.owner === 'user1');
    assert.ok(fitting.length > 0);
    assert.deepEqual(await arrange(queues, 'messages>4 user1', order), expected(fitting, order));
  });

  it('lets other work come in between, and a new order replaces the one under way', async (t) => {
    // Each look at the clock takes three milliseconds: a slice ends after three steps, on any machine.
    let clock = 0;
    t.mock.method(performance, 'now', () => (clock += 3));
    const queues = makeQueues(5000);
    const [key, id] = COLUMNS;
    assert.ok(key && id);
    const found: number[][] = [];
    const ended = new Promise<void>((resolve) => {
      const arrangement = new Arrangement((all) => {
        found.push(all.map(({ row }) => row.id));
        resolve();
      });
      arrangement.start(queues, filterFrom(''), { column: key, descending: false }, NOW);
      assert.ok(arrangement.isRunning);
      arrangement.start(queues, filterFrom(''), { column: id, descending: true }, NOW);
      assert.ok(arrangement.isRunning);
    });
    assert.equal(found.length, 0);
    await deadline(ended, 'the arrangement');
    assert.deepEqual(found, [expected(queues, { column: id, descending: true })]);
  });
});
