import { WATCH_COLUMNS, type WatchColumn } from './columns.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';

/** The settings of the view, which keys change. */
export interface View {
  readonly sortedBy: WatchColumn | undefined;
  readonly reversed: boolean;
  /** How many queues are scrolled past. */
  readonly offset: number;
}

export const FIRST_VIEW: View = { sortedBy: undefined, reversed: false, offset: 0 };

/** The action of a key; `page` is how many rows the screen has. */
export function pressKey(view: View, key: string, page: number): View | 'quit' | 'suspend' | undefined {
  const scroll = (rows: number): View => ({ ...view, offset: Math.max(0, view.offset + rows) });
  switch (key) {
    case 'q':
    case '\u0003':
      return 'quit';
    case '\u001a':
      return 'suspend';
    case '\u001b[A':
      return scroll(-1);
    case '\u001b[B':
      return scroll(1);
    case '\u001b[5~':
      return scroll(-page);
    case '\u001b[6~':
    case ' ':
      return scroll(page);
    case '\u001b[H':
    case '\u001b[1~':
      return { ...view, offset: 0 };
    default: {
      const column = WATCH_COLUMNS.find(({ sortKey }) => sortKey === key);
      if (column === undefined) return undefined;
      return { sortedBy: column, reversed: view.sortedBy === column && !view.reversed, offset: 0 };
    }
  }
}

function compare(a: number | string | undefined, b: number | string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** The queues in the order of the view: highest first, or lowest first if reversed. */
export function sortQueues(queues: readonly WatchedQueue[], { sortedBy, reversed }: View): WatchedQueue[] {
  const order = sortedBy?.order?.bind(sortedBy);
  if (order === undefined) return [...queues];
  const values = new Map(queues.map((queue) => [queue, order(queue)]));
  const sorted = queues.toSorted((a, b) => compare(values.get(a), values.get(b)));
  return reversed ? sorted.toReversed() : sorted;
}
