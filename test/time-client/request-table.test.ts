import assert from 'node:assert/strict';
import test from 'node:test';
import type * as Module from '../../packages/time-client/dist/client/request-table.js';

/** The package does not export it. */
const { RequestTable } = (await import(
  new URL('../../../packages/time-client/dist/client/request-table.js', import.meta.url).href
)) as typeof Module;

interface Request {
  readonly id: number;
}

const ids = (table: Iterable<Request>): number[] => [...table].map(({ id }) => id);

test('requests are found by their ids, and come in the order in which they were added', () => {
  const table = new RequestTable<Request>();
  const requests = Array.from({ length: 500 }, (_, index) => ({ id: index + 1 }));
  for (const request of requests) table.add(request);
  assert.equal(table.size, 500);
  for (const request of requests) assert.equal(table.get(request.id), request);
  for (const request of requests) if (request.id % 3 !== 0) table.remove(request);
  assert.deepEqual(
    ids(table),
    requests.map(({ id }) => id).filter((id) => id % 3 === 0),
  );
});

test('unknown and invalid ids find nothing', () => {
  const table = new RequestTable<Request>();
  table.add({ id: 1 });
  for (const id of [0, 2, 65, 1.5, -63, Number.NaN, Infinity, 2 ** 32 + 1]) {
    assert.equal(table.get(id), undefined);
  }
});

test('requests that stay are kept however many come and go after them', () => {
  const table = new RequestTable<Request>();
  const staying = [{ id: 1 }, { id: 2 }];
  for (const request of staying) table.add(request);
  for (let id = 3; id < 10_000; id++) {
    const request = { id };
    table.add(request);
    assert.equal(table.get(id), request);
    assert.equal(table.get(1), staying[0]);
    if (id % 1000 === 0) staying.push(request);
    else table.remove(request);
  }
  assert.equal(table.size, staying.length);
  assert.deepEqual(
    ids(table),
    staying.map(({ id }) => id),
  );
  for (const request of staying) table.remove(request);
  assert.deepEqual(ids(table), []);
});

test('requests may be removed while one goes through them', () => {
  const table = new RequestTable<Request>();
  for (let id = 1; id <= 100; id++) table.add({ id });
  const seen: number[] = [];
  for (const request of table) {
    seen.push(request.id);
    table.remove(request);
  }
  assert.equal(seen.length, 100);
  assert.equal(table.size, 0);
});
