import { drawBar } from '@timeq/cli-kit/text/bar';
import type { QueueEntry } from '@timeq/mq-native';
import { fullness } from '../../model/queue-state.js';
import { chooseColumns, findColumn } from '../../render/columns/choose.js';
import { column, type Column } from '../../render/columns/column.js';
import { integer, percent, values, type Comparison, type Kind } from '../../render/columns/kinds.js';
import { fullnessStyle, QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { formatFlow, type Flow } from '../../watch/rates.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import { drawSparkline } from './sparkline.js';

export type WatchColumn = Column<WatchedQueue>;

const BAR_WIDTH = 6;
const SPARKLINE_WIDTH = 20;

function byRate(of: Comparison<number>): Comparison<Flow> {
  return {
    equals: ({ perSecond }) => of.equals(perSecond),
    ...(of.order && { order: ({ perSecond }: Flow) => of.order?.(perSecond) ?? 0 }),
  };
}

const rate: Kind<Flow> = {
  literal: 'messages per second',
  align: 'right',
  text: formatFlow,
  raw: ({ perSecond }) => String(perSecond),
  json: (field, flow) => {
    const perSecond = flow === undefined ? null : Math.round(flow.perSecond * 1000) / 1000;
    return `"${field}PerSecond":${perSecond},"${field}Exact":${flow?.exact ?? null}`;
  },
  compare: (a, b) => a.perSecond - b.perSecond,
  parse: (word, facts) => byRate(integer.parse(word, facts)),
};

const bar: Kind<number> = {
  ...percent,
  text: (share) => `${drawBar(share / 100, BAR_WIDTH)} ${percent.text(share).padStart(4)}`,
};

const sparkline: Kind<readonly number[]> = {
  ...values,
  text: (history) => drawSparkline(history, SPARKLINE_WIDTH),
  compare: (a, b) => (a.at(-1) ?? 0) - (b.at(-1) ?? 0),
};

const NAMESPACE = column<WatchedQueue, number>({
  name: 'namespace',
  help: 'the number of its IPC namespace',
  kind: integer,
  field: 'namespace',
  priority: 0,
  value: ({ namespace }) => namespace,
});

function both({ flows }: WatchedQueue): Flow | undefined {
  if (flows === undefined) return undefined;
  const { in: incoming, out } = flows;
  return { perSecond: incoming.perSecond + out.perSecond, exact: incoming.exact && out.exact };
}

const FLOWS: readonly WatchColumn[] = [
  column({
    name: 'in',
    label: 'IN/S',
    help: 'messages per second that came in; + if there may have been more',
    kind: rate,
    field: 'in',
    priority: 94,
    value: ({ flows }: WatchedQueue) => flows?.in,
  }),
  column({
    name: 'out',
    label: 'OUT/S',
    help: 'messages per second that went out',
    kind: rate,
    field: 'out',
    priority: 93,
    value: ({ flows }: WatchedQueue) => flows?.out,
  }),
];

const look = (queue: WatchedQueue): WatchedQueue => queue;

/** A column of `list queues`. */
function listed(name: string, place?: Parameters<Column<QueueEntry>['of']>[1]): WatchColumn {
  return findColumn(QUEUE_COLUMNS, name).of(look, place);
}

const SHOWN: readonly WatchColumn[] = [
  listed('key'),
  listed('id'),
  listed('owner', { priority: 55 }),
  listed('messages'),
  listed('bytes', { priority: 80 }),
  column({
    name: 'full',
    help: 'bytes or messages, whichever is more, as a share of the limit',
    kind: bar,
    field: 'fullPercent',
    priority: 96,
    value: ({ entry }: WatchedQueue) => fullness(entry),
    style: fullnessStyle,
  }),
  ...FLOWS,
  listed('waiting', { label: 'WAIT', priority: 92 }),
  listed('last-sender', { priority: 91 }),
  listed('program', { priority: 40 }),
  listed('last-receiver', { priority: 50 }),
  listed('idle', { priority: 90 }),
  // It gives way to every other column.
  column({
    name: 'history',
    help: 'messages in the last 180 samples',
    kind: sparkline,
    field: 'history',
    priority: 1,
    value: ({ history }: WatchedQueue) => history,
  }),
];

const ON_DEMAND: readonly WatchColumn[] = [
  column({
    name: 'busy',
    help: 'messages per second, in and out',
    kind: rate,
    field: 'busy',
    priority: 0,
    value: both,
  }),
  NAMESPACE,
  ...QUEUE_COLUMNS.filter(({ name }) => SHOWN.every((shown) => shown.name !== name)).map(({ name }) =>
    listed(name, { priority: 0 }),
  ),
];

/** The columns of `watch`, in their order. */
export const WATCH_COLUMNS: readonly WatchColumn[] = [...SHOWN, ...ON_DEMAND];

/** What a line of JSON tells of a queue, unless --columns chooses. */
export const JSON_COLUMNS: readonly WatchColumn[] = [...QUEUE_COLUMNS.map((each) => each.of(look)), ...FLOWS];

/** The queues that do most, then the fullest, then the latest used. */
export const BUSIEST_FIRST = '-busy,-messages,idle';

/** The columns that --columns names; with other namespaces, also the namespace. @throws UsageError */
export function columnsToShow(list: string | undefined, namespaces: boolean): readonly WatchColumn[] {
  const chosen = chooseColumns(WATCH_COLUMNS, list);
  if (!namespaces || chosen.some(({ name }) => name === NAMESPACE.name)) return chosen;
  return [{ ...NAMESPACE, priority: 97 }, ...chosen];
}
