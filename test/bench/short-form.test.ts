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
      readonly median: number;
    }[];
  }[];
}

for (const name of [
  'round-trip-2',
  'one-way-2',
  'time-server',
  'plain-node-round-trip',
  'queue-table',
  'start-up',
]) {
  test(`the benchmark "${name}" runs in its short form, with a figure for everybody who is there`, async (t) => {
    const path = join(tmpdir(), `timeq-bench-${process.pid}-${name}.json`);
    t.after(() => rmSync(path, { force: true }));
    const { code, stderr } = await runNode(t, [main, name, '--short', '--json', path]);
    assert.equal(code, 0, stderr);
    const { results } = JSON.parse(readFileSync(path, 'utf8')) as Results;
    assert.ok(results.length > 0);
    for (const { rows } of results) {
      for (const { contender, missing, median } of rows) {
        assert.ok(missing !== undefined || median > 0, `${contender} has no figure`);
      }
    }
  });
}

test('an unknown benchmark is a mistake told in one sentence, with those that there are', async (t) => {
  const { code, stderr } = await runNode(t, [main, 'nothing-like-it']);
  assert.equal(code, 2);
  assert.match(stderr, /^bench: no case has "nothing-like-it" in its name; there are: round-trip-2, .*\n$/);
});
