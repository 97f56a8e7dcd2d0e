import type { Style } from '@timeq/cli-kit/output/color';
import { bytes, duration, formatProcess, formatWaiting, percent } from '../../render/columns/kinds.js';
import { fullnessStyle } from '../../render/columns/queues.js';
import { fullness, idleSeconds, waitingIn } from '../../model/queue-state.js';
import { formatKey } from '@timeq/mq-native';
import { drawBar, drawSparkline } from './drawing.js';
import { formatFlow } from '../../watch/rates.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';

/** A column of the live screen. */
export interface WatchColumn {
  readonly label: string;
  /** The key that sorts by it; the key's first press brings the highest to the top. */
  readonly sortKey?: string;
  readonly align: 'left' | 'right';
  /** The lowest is given up first where the terminal is too narrow. */
  readonly priority: number;
  readonly shrinksTo?: number;
  text(queue: WatchedQueue): string;
  style?(queue: WatchedQueue): Style | undefined;
  /** What it is sorted by; what is not known comes last. */
  order?(queue: WatchedQueue): number | string | undefined;
}

const BAR_WIDTH = 10;
const SPARKLINE_WIDTH = 20;

const full = ({ entry }: WatchedQueue): number | undefined => fullness(entry);

/** The columns of `watch`, in their order. */
export const WATCH_COLUMNS: readonly WatchColumn[] = [
  {
    label: 'NAMESPACE',
    align: 'right',
    priority: 90,
    text: ({ namespace }) => String(namespace ?? ''),
  },
  {
    label: 'KEY',
    sortKey: 'k',
    align: 'left',
    priority: 100,
    text: ({ entry }) => formatKey(entry.key),
    order: ({ entry }) => -entry.key,
  },
  {
    label: 'ID',
    sortKey: 'i',
    align: 'right',
    priority: 99,
    text: ({ entry }) => String(entry.id),
    order: ({ entry }) => -entry.id,
  },
  {
    label: 'OWNER',
    align: 'left',
    priority: 40,
    shrinksTo: 8,
    text: ({ entry, facts }) => facts.owners.user(entry.uid),
  },
  {
    label: 'MESSAGES',
    sortKey: 'm',
    align: 'right',
    priority: 98,
    text: ({ entry }) => String(entry.messages),
    order: ({ entry }) => entry.messages,
  },
  {
    label: 'BYTES',
    sortKey: 'b',
    align: 'right',
    priority: 80,
    text: ({ entry }) => bytes.text(entry.bytes),
    order: ({ entry }) => entry.bytes,
  },
  {
    label: 'FULL',
    sortKey: 'f',
    align: 'left',
    priority: 96,
    text: (queue) => {
      const share = full(queue);
      return share === undefined ? '?' : `${drawBar(share, BAR_WIDTH)} ${percent.text(share).padStart(4)}`;
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
  {
    label: 'WAITING',
    sortKey: 'w',
    align: 'left',
    priority: 92,
    text: ({ entry, facts }) => {
      const threads = waitingIn(entry, facts);
      return threads === undefined ? '?' : formatWaiting(threads);
    },
    order: ({ entry, facts }) => waitingIn(entry, facts)?.length,
  },
  {
    label: 'LAST-SENDER',
    align: 'left',
    priority: 50,
    shrinksTo: 11,
    text: ({ entry, facts }) => formatProcess(facts.processes.find(entry.lastSendPid, entry.sendTime)),
  },
  {
    label: 'LAST-RECEIVER',
    align: 'left',
    priority: 45,
    shrinksTo: 13,
    text: ({ entry, facts }) => formatProcess(facts.processes.find(entry.lastReceivePid, entry.receiveTime)),
  },
  {
    label: 'IDLE',
    sortKey: 'd',
    align: 'right',
    priority: 60,
    text: ({ entry, facts }) => duration.text(idleSeconds(entry, facts.now)),
    order: ({ entry, facts }) => idleSeconds(entry, facts.now),
  },
  {
    label: 'HISTORY',
    align: 'left',
    priority: 70,
    text: ({ history }) => drawSparkline(history, SPARKLINE_WIDTH),
  },
];
