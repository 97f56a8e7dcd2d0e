import assert from 'node:assert/strict';
import test from 'node:test';
import { fitColumns } from '@timeq/cli-kit/tables/fit';

const column = (natural: number, priority: number, least = natural) => ({ natural, priority, least });

test('columns that fit keep their widths', () => {
  assert.deepEqual(fitColumns([column(10, 9), column(5, 8)], 17), [10, 5]);
  assert.deepEqual(fitColumns([column(10, 9), column(5, 8)], Infinity), [10, 5]);
});

test('cells are cut before a column is dropped, and share the width that is left', () => {
  assert.deepEqual(fitColumns([column(10, 9), column(20, 8, 8)], 30), [10, 18]);
  assert.deepEqual(fitColumns([column(10, 9), column(20, 8, 8)], 20), [10, 8]);
});

test('the column of the lowest priority is dropped first', () => {
  const columns = [column(10, 9), column(5, 1), column(5, 7)];
  assert.deepEqual(fitColumns(columns, 18), [10, undefined, 5]);
});

test('a column is not dropped in vain: it comes back if a wider one had to be dropped as well', () => {
  const columns = [column(10, 9), column(3, 1), column(5, 7), column(12, 2)];
  assert.deepEqual(fitColumns(columns, 22), [10, 3, 5, undefined]);
  assert.deepEqual(fitColumns(columns, 21), [10, undefined, 5, undefined]);
});

test('the first column always stays, cut to the screen if it must be', () => {
  assert.deepEqual(fitColumns([column(10, 0), column(5, 9)], 6), [6, undefined]);
});
