import assert from 'node:assert/strict';
import test from 'node:test';
import { BLOCKS } from '@timeq/cli-kit/text/bar';
import { drawSparkline } from '#ipctools/cli/watch/sparkline';

test('a sparkline has the newest at the right and its highest value at full height', () => {
  assert.equal(drawSparkline([0, 1, 4, 8], 6, BLOCKS), '   ▁▄█');
  assert.equal(drawSparkline([], 6), '');
  assert.equal(drawSparkline([0, 0], 3), '   ');
});

test('a sparkline of more values than columns keeps the peaks', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index === 50 ? 8 : 1));
  const line = drawSparkline(values, 10, BLOCKS);
  assert.equal(line.length, 10);
  assert.equal(line.replaceAll('▁', ''), '█');
});
