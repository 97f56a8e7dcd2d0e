import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { drawBar } from '@timeq/cli-kit/text/bar';
import { fullness, idleSeconds, waitingIn } from '../../model/queue-state.js';
import { bound } from '../../render/columns/bound.js';
import { findColumn } from '../../render/columns/choose.js';
import { UNKNOWN } from '../../render/columns/column.js';
import { percent } from '../../render/columns/kinds.js';
import { fullnessStyle, QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { formatFlow } from '../../watch/rates.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import { drawSparkline } from './sparkline.js';

/** A column of the live screen. */
export interface WatchColumn extends TextColumn<WatchedQueue> {
  /** The key that sorts by it; the key's first press brings the highest to the top. */
  readonly sortKey?: string;
  /** The sort value; unknown values come last. */
  order?(queue: WatchedQueue): number | undefined;
}

const BAR_WIDTH = 10;
const SPARKLINE_WIDTH = 20;

const full = ({ entry }: WatchedQueue): number | undefined => fullness(entry);

/** A column of `list queues`, with what is its own here. */
function listed(name: string, own: Partial<WatchColumn>): WatchColumn {
  return { ...bound(findColumn(QUEUE_COLUMNS, name), (queue: WatchedQueue) => queue), ...own };
}

/** The columns of `watch`, in their order. */
export const WATCH_COLUMNS: readonly WatchColumn[] = [
  { label: 'NAMESPACE', align: 'right', priority: 90, text: ({ namespace }) => String(namespace ?? '') },
  listed('key', { sortKey: 'k', order: ({ entry }) => -entry.key }),
  listed('id', { sortKey: 'i', order: ({ entry }) => -entry.id }),
  listed('owner', { priority: 40 }),
  listed('messages', { sortKey: 'm', order: ({ entry }) => entry.messages }),
  listed('bytes', { sortKey: 'b', priority: 80, order: ({ entry }) => entry.bytes }),
  {
    label: 'FULL',
    sortKey: 'f',
    priority: 96,
    text: (queue) => {
      const share = full(queue);
      return share === undefined
        ? UNKNOWN
        : `${drawBar(share / 100, BAR_WIDTH)} ${percent.text(share).padStart(4)}`;
    },
    style: (queue) => fullnessStyle(full(queue) ?? 0),
    order: full,
  },
  {
    label: 'IN/S',
    sortKey: 's',
    align: 'right',
    priority: 94,
    text: ({ flows }) => (flows === undefined ? '' : formatFlow(flows.in)),
    order: ({ flows }) => flows?.in.perSecond,
  },
  {
    label: 'OUT/S',
    sortKey: 'r',
    align: 'right',
    priority: 93,
    text: ({ flows }) => (flows === undefined ? '' : formatFlow(flows.out)),
    order: ({ flows }) => flows?.out.perSecond,
  },
  listed('waiting', {
    sortKey: 'w',
    priority: 92,
    order: ({ entry, facts }) => waitingIn(entry, facts)?.length,
  }),
  listed('last-sender', { priority: 50 }),
  listed('program', { priority: 48 }),
  listed('last-receiver', { priority: 45 }),
  listed('idle', {
    sortKey: 'd',
    priority: 60,
    order: ({ entry, facts }) => idleSeconds(entry, facts.now),
  }),
  { label: 'HISTORY', priority: 70, text: ({ history }) => drawSparkline(history, SPARKLINE_WIDTH) },
];
