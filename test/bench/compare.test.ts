import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../helpers/folder.js';
import { root, runNode } from '../helpers/node.js';

const main = fileURLToPath(new URL('../../../bench/dist/main.js', import.meta.url));
interface Row {
  readonly contender: string;
  readonly ratio: number;
}

interface Result {
  readonly name: string;
  readonly rows: readonly Row[];
}

const { comparison } = (await import(new URL('../../../bench/dist/compare.js', import.meta.url).href)) as {
  comparison: (former: readonly Result[], results: readonly Result[]) => string;
};

const { results } = JSON.parse(readFileSync(join(root, 'bench', 'results.json'), 'utf8')) as {
  readonly results: readonly Result[];
};
const roundTrip = results.find(({ name }) => name === 'round-trip-2');

/** The round trip with the ratio of one contender multiplied. */
function withRatio(contender: string, factor: number): Result[] {
  assert.ok(roundTrip);
  const rows = roundTrip.rows.map((row) =>
    row.contender === contender ? { ...row, ratio: row.ratio * factor } : row,
  );
  return [{ ...roundTrip, rows }];
}

test('a run compared with itself has not moved', () => {
  assert.equal(comparison(results, results), 'Nothing moved beyond the spread of its runs.');
});

test('a contender that became slower beyond the spread is told with its figures, and no other', () => {
  const [heading, ...lines] = comparison(results, withRatio('Timeq await', 2)).split('\n');
  assert.match(heading ?? '', /^Moved beyond the spread/);
  assert.equal(lines.length, 1);
  assert.match(
    lines[0] ?? '',
    /^worse {3}round-trip-2: Timeq await, 0\.\d\d \(0\.\d\d to 0\.\d\d\) before, 0\.\d\d \(/,
  );
});

test('less is better for a time, and more for a rate', () => {
  assert.match(comparison(results, withRatio('Timeq await', 0.5)), /^better {2}round-trip-2: Timeq await/m);
  const oneWay = results.find(({ name }) => name === 'one-way-2');
  assert.ok(oneWay);
  const faster = {
    ...oneWay,
    rows: oneWay.rows.map((row, index) => (index === 1 ? { ...row, ratio: row.ratio * 9 } : row)),
  };
  assert.match(comparison(results, [faster]), /^better {2}one-way-2: Timeq/m);
});

test('spreads that overlap are no move', () => {
  assert.ok(roundTrip);
  const spread = (least: number, most: number): Result[] => [
    { ...roundTrip, rows: roundTrip.rows.map((row) => ({ ...row, ratios: { least, most } })) },
  ];
  assert.match(comparison(spread(1, 2), spread(1.9, 3)), /^Nothing moved/);
  assert.match(comparison(spread(1, 2), spread(2.1, 3)), /^Moved/);
});

test('a file without results to compare with is one sentence, before anything is measured', async (t) => {
  const folder = temporaryFolder(t);
  const empty = join(folder, 'empty.json');
  writeFileSync(empty, '{}');
  for (const file of [empty, join(folder, 'missing.json')]) {
    const { code, stdout, stderr } = await runNode(t, [main, 'waits', '--short', '--compare', file]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.equal(stderr, `bench: "${file}" has no results to compare with; --json FILE writes such a file\n`);
  }
});
