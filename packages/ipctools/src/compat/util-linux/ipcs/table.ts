import { escapeText } from '@timeq/cli-kit/text/escape';
import type { QueueEntry, SegmentEntry, SemaphoreEntry } from '@timeq/mq-native';
import type { KindName } from '../../../model/kind-names.js';
import { TABLES } from '../../../model/lists.js';
import { Owners } from '../../../model/owners.js';
import { bytewise, type Output } from '../output.js';
import type { Ownership } from '../../../processes/credentials.js';
import type { Unit } from './sizes.js';

interface TableOptions {
  readonly unit: Unit;
  /** Show owner names whole, in a column as wide as the longest one. */
  readonly wide: boolean;
}

/** What the tables of all kinds show. */
export interface Entry extends Ownership {
  readonly id: number;
}

interface Context extends TableOptions {
  readonly ownerWidth: number;
  /** A user's name, padded to the owner's column, and cut to it unless `wide`. */
  owner(uid: number): string;
  user(uid: number): string;
  group(gid: number): string;
}

/** Headings and cells are padded as they stand in their column: the two are not always equally wide. */
export interface Column<E> {
  readonly heading: string | ((context: Context) => string);
  readonly cell: (entry: E, context: Context) => string;
}

export interface Table<E> {
  readonly title: string;
  /** Joined by one blank. */
  readonly columns: readonly Column<E>[];
}

/** The tables of one output option. */
interface Tables {
  readonly queues: Table<QueueEntry>;
  readonly segments: Table<SegmentEntry>;
  readonly semaphores?: Table<SemaphoreEntry>;
}

/** Writes the table of one kind of objects. */
export type Show = (kind: KindName, options: TableOptions, output: Output) => void;

const OWNER_WIDTH = 10;

export function showTables({ queues, segments, semaphores }: Tables): Show {
  return (kind, options, output) => {
    if (kind === 'queues') showTable(queues, TABLES.queues(), options, output);
    else if (kind === 'segments') showTable(segments, TABLES.segments(), options, output);
    else if (semaphores !== undefined) showTable(semaphores, TABLES.semaphores(), options, output);
  };
}

/** @param entries may be gone through twice */
function showTable<E extends Entry>(
  { title, columns }: Table<E>,
  entries: Iterable<E>,
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

function makeContext(entries: Iterable<Entry>, options: TableOptions): Context {
  const owners = new Owners();
  const user = memoized((uid) => bytewise(escapeText(owners.user(uid))));
  let ownerWidth = OWNER_WIDTH;
  if (options.wide) for (const { uid } of entries) ownerWidth = Math.max(ownerWidth, user(uid).length);
  return {
    ...options,
    ownerWidth,
    user,
    group: memoized((gid) => bytewise(escapeText(owners.group(gid)))),
    owner: memoized((uid) => user(uid).slice(0, ownerWidth).padEnd(ownerWidth)),
  };
}

// Columns that more than one table has.

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

/** Tables are long, and few of the owners and times in them differ. */
export function memoized(compute: (value: number) => string): (value: number) => string {
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
