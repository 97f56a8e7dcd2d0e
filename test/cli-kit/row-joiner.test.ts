import assert from 'node:assert/strict';
import test from 'node:test';
import { rowJoiner } from '@timeq/cli-kit/text/row-joiner';

test('each row is joined as it is, whatever the row above was', () => {
  // All pairs of neighbours among rows of up to three parts, and each of them twice.
  const parts = ['', 'a', 'b'];
  const rows = [
    [],
    ...parts.map((one) => [one]),
    ...parts.flatMap((one) => parts.flatMap((two) => parts.map((three) => [one, two, three]))),
  ];
  for (const first of rows) {
    const join = rowJoiner(', ');
    for (const second of rows) {
      for (const row of [first, second, second]) assert.equal(join(row), row.join(', '));
    }
  }
});
