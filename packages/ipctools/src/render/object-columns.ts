import type { TextColumn } from '@timeq/cli-kit/tables/column';
import type { Facts } from '../model/facts.js';
import type { IpcObject } from '../model/ipc-object.js';
import { bound } from './columns/bound.js';
import { leadingColumns, type OwnedEntry } from './columns/shared.js';

const PRIORITIES = new Map([
  ['key', 4],
  ['id', 6],
  ['owner', 2],
]);

/** The columns that name an object, in a table of rows that each have one. */
export function objectColumns<Row>(objectOf: (row: Row) => IpcObject, facts: Facts): TextColumn<Row>[] {
  return [
    { label: 'KIND', priority: 5, text: (row) => objectOf(row).kind },
    ...leadingColumns<OwnedEntry>()
      .filter(({ name }) => PRIORITIES.has(name))
      .map((column) => ({
        ...bound(column, (row: Row) => ({ entry: objectOf(row).entry, facts })),
        priority: PRIORITIES.get(column.name) ?? 0,
      })),
  ];
}
