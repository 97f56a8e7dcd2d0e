import { column, type Column } from './column.js';
import * as kinds from './kinds.js';

/** What objects of all three kinds have. */
export interface OwnedEntry {
  readonly key: number;
  readonly id: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly creatorUid: number;
  readonly creatorGid: number;
  readonly changeTime: number;
}

/** Who owns an object, and what others may do with it. */
export function ownerColumns<Entry extends Pick<OwnedEntry, 'uid' | 'mode'>>(): Column<Entry>[] {
  return [
    column({
      name: 'owner',
      help: 'the user who owns it',
      kind: kinds.user,
      field: 'owner',
      priority: 90,
      shrinksTo: 8,
      value: ({ uid }, { owners }) => owners.owningUser(uid),
    }),
    column({
      name: 'mode',
      help: 'the permission bits, octal',
      kind: kinds.mode,
      field: 'mode',
      priority: 80,
      value: ({ mode }) => mode,
    }),
  ];
}

export function groupColumn<Entry extends Pick<OwnedEntry, 'gid'>>(): Column<Entry> {
  return column({
    name: 'group',
    help: 'the group that owns it',
    kind: kinds.group,
    field: 'group',
    priority: 0,
    shrinksTo: 8,
    value: ({ gid }, { owners }) => owners.owningGroup(gid),
  });
}

/** The first columns of every table. */
export function leadingColumns<Entry extends OwnedEntry>(): Column<Entry>[] {
  return [
    column({
      name: 'key',
      help: 'the key, hexadecimal; 0 is private: only the id names it',
      kind: kinds.key,
      field: 'key',
      priority: 100,
      value: ({ key }) => key,
    }),
    column({
      name: 'id',
      help: 'the id',
      kind: kinds.integer,
      field: 'id',
      priority: 99,
      value: ({ id }) => id,
    }),
    ...ownerColumns<Entry>(),
  ];
}

/** The columns of every table that are shown on demand. */
export function furtherColumns<Entry extends OwnedEntry>(): Column<Entry>[] {
  return [
    groupColumn<Entry>(),
    column({
      name: 'creator',
      help: 'the user who created it',
      kind: kinds.user,
      field: 'creator',
      priority: 0,
      shrinksTo: 8,
      value: ({ creatorUid }, { owners }) => owners.owningUser(creatorUid),
    }),
    column({
      name: 'creator-group',
      help: 'the group of its creator',
      kind: kinds.group,
      field: 'creatorGroup',
      priority: 0,
      shrinksTo: 8,
      value: ({ creatorGid }, { owners }) => owners.owningGroup(creatorGid),
    }),
    column({
      name: 'changed',
      help: 'when it was created, or its owner, mode or limit last set',
      kind: kinds.time,
      field: 'changeTime',
      priority: 0,
      value: ({ changeTime }) => changeTime,
    }),
  ];
}
