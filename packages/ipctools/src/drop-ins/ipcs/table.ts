import { Owners } from '../../owners.js';
import { bytewise } from '../bytewise.js';
import { LocalTime } from '../libc/local-time.js';
import type { Ownership } from '../libc/permissions.js';
import type { Output } from '../output.js';
import type { Unit } from './unit.js';

/** The tables that there are of each kind: without options, and with `-t`, `-p` and `-c`. */
export type TableName = 'list' | 'times' | 'pids' | 'creators';

export interface TableOptions {
  readonly unit: Unit;
  /** Show owner names whole, in a column as wide as the longest one. */
  readonly wide: boolean;
}

/** What the tables of all kinds show. */
export interface Entry extends Ownership {
  readonly id: number;
}

export interface Context extends TableOptions {
  readonly ownerWidth: number;
  /** A user's name, padded to the owner's column, and cut to it unless `wide`. */
  owner(uid: number): string;
  user(uid: number): string;
  group(gid: number): string;
  /** `Nov 20 10:02:06` or `Not set`, padded. */
  shortTime(time: number): string;
  /** As ctime(3) has it, or `Not set`; padded. */
  longTime(time: number): string;
}

/** Headings and cells are padded as they stand in their column: the two are not always equally wide. */
export interface Column<E> {
  readonly heading: string | ((context: Context) => string);
  readonly cell: (entry: E, context: Context) => string;
}

export interface Table<E> {
  readonly title: string;
  readonly columns: readonly Column<E>[];
}

const OWNER_WIDTH = 10;
const NOT_SET = 'Not set';

export function showTable<E extends Entry>(
  { title, columns }: Table<E>,
  entries: readonly E[],
  options: TableOptions,
  output: Output,
): void {
  const context = makeContext(entries, options);
  const headings = columns.map(({ heading }) => (typeof heading === 'string' ? heading : heading(context)));
  output.write(`------ ${title} --------\n${headings.join(' ')}\n`);
  const [first, ...others] = columns.map((column) => column.cell);
  for (const entry of entries) {
    let line = first?.(entry, context) ?? '';
    for (const cell of others) line += ` ${cell(entry, context)}`;
    output.write(`${line}\n`);
  }
}

function makeContext(entries: readonly Entry[], options: TableOptions): Context {
  const owners = new Owners();
  owners.prepareUsers(entries.map((entry) => entry.uid));
  const user = memoized((uid) => bytewise(owners.user(uid)));
  const widest = (most: number, entry: Entry): number => Math.max(most, user(entry.uid).length);
  const ownerWidth = options.wide ? entries.reduce(widest, OWNER_WIDTH) : OWNER_WIDTH;
  const localTime = new LocalTime();
  return {
    ...options,
    user,
    group: memoized((gid) => bytewise(owners.group(gid))),
    ownerWidth,
    owner: memoized((uid) => user(uid).slice(0, ownerWidth).padEnd(ownerWidth)),
    shortTime: memoized((time) => (time === 0 ? NOT_SET : localTime.ctime(time).slice(4, 20)).padEnd(20)),
    longTime: memoized((time) => (time === 0 ? NOT_SET : localTime.ctime(time)).padEnd(26)),
  };
}

/** Tables are long, and few of the owners and times in them differ. */
function memoized(compute: (value: number) => string): (value: number) => string {
  const known = new Map<number, string>();
  return (value) => {
    let text = known.get(value);
    if (text === undefined) {
      text = compute(value);
      known.set(value, text);
    }
    return text;
  };
}

// Columns that more than one table has.

export const KEY: Column<Entry & { readonly key: number }> = {
  heading: 'key       ',
  cell: (entry) => `0x${entry.key.toString(16).padStart(8, '0')}`,
};

export const OWNER: Column<Entry> = {
  heading: (context) => 'owner'.padEnd(context.ownerWidth),
  cell: (entry, context) => context.owner(entry.uid),
};

export const PERMISSIONS: Column<Entry> = {
  heading: 'perms     ',
  cell: (entry) => entry.mode.toString(8).padEnd(10),
};

export function id(heading: string, width = 10): Column<Entry> {
  return { heading: heading.padEnd(width), cell: (entry) => String(entry.id).padEnd(width) };
}

/** The table of `-c`: names are never cut in it. */
export function creatorTable(title: string, idHeading: string): Table<Entry> {
  return {
    title,
    columns: [
      id(idHeading),
      PERMISSIONS,
      { heading: 'cuid      ', cell: (entry, context) => context.user(entry.creatorUid).padEnd(10) },
      { heading: 'cgid      ', cell: (entry, context) => context.group(entry.creatorGid).padEnd(10) },
      { heading: 'uid       ', cell: (entry, context) => context.user(entry.uid).padEnd(10) },
      { heading: 'gid       ', cell: (entry, context) => context.group(entry.gid).padEnd(10) },
    ],
  };
}
