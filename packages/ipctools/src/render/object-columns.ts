import { formatKey } from '@timeq/mq-native';
import type { Facts } from '../model/facts.js';
import type { TextColumn } from './table.js';
import type { IpcObject } from '../model/ipc-object.js';

/** `0x00000080` */
const KEY_WIDTH = 10;

/** The columns that name an object, in a table of rows that each have one. */
export function objectColumns<Row>(objectOf: (row: Row) => IpcObject, { owners }: Facts): TextColumn<Row>[] {
  const fixed = { align: 'left', shrinksTo: undefined } as const;
  return [
    { ...fixed, label: 'KIND', priority: 5, text: (row) => objectOf(row).kind },
    {
      ...fixed,
      label: 'KEY',
      priority: 4,
      width: KEY_WIDTH,
      text: (row) => formatKey(objectOf(row).entry.key),
    },
    { ...fixed, label: 'ID', align: 'right', priority: 6, text: (row) => String(objectOf(row).entry.id) },
    {
      ...fixed,
      label: 'OWNER',
      priority: 2,
      shrinksTo: 8,
      text: (row) => owners.user(objectOf(row).entry.uid),
    },
  ];
}
