import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runNode } from '../helpers/node.js';

const main = fileURLToPath(new URL('../../../bench/dist/main.js', import.meta.url));

interface Results {
  readonly results: readonly {
    readonly name: string;
    readonly rows: readonly {
      readonly contender: string;
      readonly missing?: string;
      /** Null where no number came out. */
      readonly median: number | null;
    }[];
  }[];
}

const names = [
  'round-trip-2',
  'one-way-2',
  'time-server',
  'bridge-out',
  'bridge-in',
  'bridge-memory',
  'bridge-idle',
  'plain-node-round-trip',
  'crowd',
  'pool-2',
  'waits',
  'idle',
  'hundred-a-second',
  'alarms',
  'steady',
  'scale',
  'queue-table',
  'monitoring-table',
  'monitoring-scrapes',
  'monitoring-page',
  'start-up',
];

/** Of what is measured here there is to be none. */
const mayBeZero = ['idle', 'bridge-idle'];

for (const name of names) {
  test(`the benchmark "${name}" runs in its short form, with a figure for every program that is there`, async (t) => {
    const path = join(tmpdir(), `timeq-bench-${process.pid}-${name}.json`);
    t.after(() => rmSync(path, { force: true }));
    const { code, stderr } = await runNode(t, [main, name, '--short', '--json', path]);
    assert.equal(code, 0, stderr);
    const { results } = JSON.parse(readFileSync(path, 'utf8')) as Results;
    const rows = results.flatMap((result) => result.rows);
    assert.ok(rows.length > 0);
    if (rows.every(({ missing }) => missing !== undefined)) {
      const reasons = [...new Set(rows.map(({ missing }) => missing))].join('; ');
      assert.equal(process.env['CI'], undefined, reasons);
      t.skip(reasons);
    }
    for (const { contender, missing, median } of rows) {
      const isFigure = median !== null && (median > 0 || mayBeZero.includes(name));
      assert.ok(missing !== undefined || isFigure, `${contender} has no figure`);
    }
  });
}

test('an unknown benchmark is a mistake told in one sentence, with those that there are', async (t) => {
  const { code, stderr } = await runNode(t, [main, 'nothing-like-it']);
  assert.equal(code, 2);
  assert.match(stderr, /^bench: no case has "nothing-like-it" in its name; there are: round-trip-2, .*\n$/);
});
