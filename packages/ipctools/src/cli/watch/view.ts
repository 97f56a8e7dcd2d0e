import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { moveKey, scrollTo, typeKey } from '@timeq/cli-kit/screens/keys';
import type { Facts } from '../../model/facts.js';
import { findColumn } from '../../render/columns/choose.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import { conditionsIn, filterOf } from './arrange.js';
import { BUSIEST_FIRST, WATCH_COLUMNS, type WatchColumn } from './columns.js';

/** What keys have made of the screen. */
export interface View {
  readonly page: 'queues' | 'queue' | 'help';
  /** As --sort takes it. */
  readonly sort: string;
  readonly conditions: readonly string[];
  /** The line that is typed behind `/`. */
  readonly typed: string | undefined;
  /** For the last line: why something was not done. */
  readonly message: string;
  /** The name of the queue under the cursor; undefined before it was moved: the first. */
  readonly cursor: string | undefined;
  /** Where it was when it was last seen: a queue that is removed leaves the cursor in its row. */
  readonly row: number;
  /** The first row of the list on the screen. */
  readonly first: number;
  /** The first line of the other pages on the screen. */
  readonly scrolled: number;
  /** The names of the tagged queues. */
  readonly tagged: ReadonlySet<string>;
}

export const FIRST_VIEW: View = {
  page: 'queues',
  sort: BUSIEST_FIRST,
  conditions: [],
  typed: undefined,
  message: '',
  cursor: undefined,
  row: 0,
  first: 0,
  scrolled: 0,
  tagged: new Set(),
};

/** What the keys act on. */
export interface Scene {
  /** The queues in their order. */
  readonly queues: readonly WatchedQueue[];
  readonly columns: readonly WatchColumn[];
  readonly facts: Facts;
  /** How many rows of the list, or lines of another page, are on the screen. */
  readonly rows: number;
  /** How many lines another page has. */
  readonly lines: number;
  /** Why nothing may be cleaned here. */
  readonly refusal: string | undefined;
}

/** The row of the cursor; -1 if there are no queues. */
export function cursorRow({ cursor, row }: View, queues: readonly WatchedQueue[]): number {
  const found = cursor === undefined ? 0 : queues.findIndex(({ name }) => name === cursor);
  return Math.min(found === -1 ? row : found, queues.length - 1);
}

/** The view with its cursor on the screen, and without tags of queues that are gone. @param all every queue there is */
export function settle(view: View, { queues, rows }: Scene, all: readonly WatchedQueue[]): View {
  if (view.page !== 'queues') return view;
  const row = cursorRow(view, queues);
  const names = new Set(all.map(({ name }) => name));
  const tagged = [...view.tagged].filter((name) => names.has(name));
  return {
    ...view,
    row: Math.max(0, row),
    cursor: view.cursor === undefined ? undefined : (queues[row]?.name ?? view.cursor),
    first: scrollTo(Math.max(0, row), view.first, rows, queues.length),
    tagged: tagged.length === view.tagged.size ? view.tagged : new Set(tagged),
  };
}

const SORT_KEYS: ReadonlyMap<string, string> = new Map([
  ['k', 'key'],
  ['i', 'id'],
  ['m', 'messages'],
  ['b', 'bytes'],
  ['f', 'full'],
  ['w', 'waiting'],
  ['d', 'idle'],
]);

/** The column that weighs most in the order. */
export function sortedBy({ sort }: View): { readonly name: string; readonly descending: boolean } {
  const [first = ''] = sort.split(',');
  return { name: first.replace(/^[-+]/, ''), descending: first.startsWith('-') };
}

function reversed(view: View): View {
  const [first = '', ...rest] = view.sort.split(',');
  const other = first.startsWith('-') ? first.slice(1) : `-${first.replace(/^\+/, '')}`;
  return { ...view, sort: [other, ...rest].join(',') };
}

/** Sorts by a column, amounts downwards; again: the other way round. */
function sorted(view: View, name: string): View {
  if (sortedBy(view).name === name) return reversed(view);
  const isAmount = name === 'waiting' || (name !== 'id' && findColumn(WATCH_COLUMNS, name).align === 'right');
  return { ...view, sort: `${isAmount ? '-' : ''}${name}`, cursor: undefined };
}

/** Sorts by the next shown column, or by the one before. */
function sortedByNeighbour(view: View, columns: readonly WatchColumn[], step: 1 | -1): View {
  const names = columns.map(({ name }) => name).filter((name) => name !== 'history');
  const at = names.indexOf(sortedBy(view).name);
  const next = at === -1 && step === -1 ? names.length - 1 : (at + step + names.length) % names.length;
  return sorted(view, names[next] ?? 'key');
}

function typeInto(view: View, key: string, { columns, facts }: Scene): View {
  if (key === 'return') return { ...view, typed: undefined, message: '' };
  if (key === 'escape') return { ...view, typed: undefined, message: '', conditions: [] };
  const typed = typeKey(view.typed ?? '', key);
  if (typed === undefined) return view;
  const conditions = conditionsIn(typed);
  try {
    filterOf(conditions, columns, facts);
    return { ...view, typed, conditions, message: '' };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // The last filter that could be read stays until this one can.
    return { ...view, typed, message: error.message };
  }
}

function toggled(tagged: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const changed = new Set(tagged);
  if (!changed.delete(name)) changed.add(name);
  return changed;
}

function backFrom(view: View): View {
  if (view.page !== 'queues') return { ...view, page: 'queues', scrolled: 0 };
  if (view.tagged.size > 0) return { ...view, tagged: new Set() };
  return { ...view, conditions: [] };
}

function pressInList(view: View, key: string, scene: Scene): View {
  const { queues, columns, rows } = scene;
  const row = cursorRow(view, queues);
  const current = queues[row]?.name;
  const moved = moveKey(key, row, queues.length, rows);
  if (moved !== undefined) return { ...view, cursor: queues[moved]?.name, row: moved };
  if (key === 's' || key === 'S') return sortedByNeighbour(view, columns, key === 's' ? 1 : -1);
  if (key === 'r') return reversed(view);
  if (key === 'B') return { ...view, sort: BUSIEST_FIRST, cursor: undefined };
  if (key === '/') return { ...view, typed: view.conditions.join(', ') };
  const column = SORT_KEYS.get(key);
  if (column !== undefined) return sorted(view, column);
  if (current === undefined) return view;
  if (key === 'return') return { ...view, page: 'queue', cursor: current, row, scrolled: 0 };
  if (key !== ' ') return view;
  const below = Math.min(row + 1, queues.length - 1);
  return { ...view, tagged: toggled(view.tagged, current), cursor: queues[below]?.name, row: below };
}

/** What a key does. @returns the next view, or what is left to do outside of it */
export function pressKey(before: View, key: string, scene: Scene): View | 'quit' | 'clean' {
  if (before.typed !== undefined) return typeInto(before, key, scene);
  const view = { ...before, message: '' };
  if (key === 'q') return 'quit';
  if (key === '?') return { ...view, page: 'help', scrolled: 0 };
  if (key === 'escape') return backFrom(view);
  if (key === 'x' && view.page !== 'help') {
    if (scene.refusal !== undefined) return { ...view, message: scene.refusal };
    return chosenNames(view, scene).length === 0
      ? { ...view, message: 'there is no queue to clean' }
      : 'clean';
  }
  if (view.page === 'queues') return pressInList(view, key, scene);
  const { lines, rows } = scene;
  const end = Math.max(1, lines - rows + 1);
  const scrolled = moveKey(key, Math.min(view.scrolled, end - 1), end, rows);
  return scrolled === undefined ? view : { ...view, scrolled };
}

/** What `x` is about: the tagged queues, or the one under the cursor. */
export function chosenNames(view: View, { queues }: Scene): readonly string[] {
  if (view.page === 'queues' && view.tagged.size > 0) return [...view.tagged];
  const name = view.page === 'queue' ? view.cursor : queues[cursorRow(view, queues)]?.name;
  return name === undefined ? [] : [name];
}
