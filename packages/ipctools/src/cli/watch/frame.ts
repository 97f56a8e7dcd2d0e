import { showsUnicode } from '@timeq/cli-kit/output/character-set';
import type { Paint } from '@timeq/cli-kit/output/color';
import { cut } from '@timeq/cli-kit/text/width';
import { formatSize } from '../../render/bytes.js';
import { formatCount } from '../../format/count.js';
import { fitTable } from '@timeq/cli-kit/tables/fit';
import { tableLines } from '@timeq/cli-kit/tables/lines';
import { formatLocal } from '../../format/time.js';
import { WATCH_COLUMNS, type WatchColumn } from './columns.js';
import type { Sample } from '../../watch/sampler.js';
import { sortQueues, type View } from './view.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';

/** The size of the screen. */
interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/** Title, labels of the columns, and the line of keys. */
const LINES_AROUND = 3;

/** How many queues fit on the screen. */
export function queuesOnScreen({ rows }: FrameSize): number {
  return Math.max(1, rows - LINES_AROUND);
}

function title({ time, queues }: Sample, interval: number): string {
  const messages = queues.reduce((sum, { entry }) => sum + entry.messages, 0);
  const held = queues.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const moment = formatLocal(Math.floor(time / 1000)).slice(11);
  const every = interval % 1000 === 0 ? `${interval / 1000}s` : `${interval}ms`;
  return `${moment}  ${formatCount(queues.length, 'queue')}, ${formatCount(messages, 'message')}, ${formatSize(held)}, every ${every}`;
}

const [UP, DOWN] = showsUnicode() ? ['↑', '↓'] : ['^', 'v'];
const KEYS = 'q quit  sort: k key i id m messages b bytes f full s in r out w waiting d idle  ';
const SCROLL = showsUnicode() ? '↑↓ scroll' : 'arrows scroll';

function shownColumns(queues: readonly WatchedQueue[]): readonly WatchColumn[] {
  const others = queues.some(({ namespace }) => namespace !== undefined);
  return others ? WATCH_COLUMNS : WATCH_COLUMNS.filter(({ label }) => label !== 'NAMESPACE');
}

function headText(column: WatchColumn, { sortedBy, reversed }: View): string {
  if (column !== sortedBy) return column.label;
  return `${column.label}${reversed ? UP : DOWN}`;
}

/** The lines of the screen, each no wider than it. */
export function drawFrame(
  sample: Sample,
  view: View,
  interval: number,
  size: FrameSize,
  paint: Paint,
): string[] {
  const { columns: width } = size;
  const page = queuesOnScreen(size);
  const sorted = sortQueues(sample.queues, view);
  const offset = Math.min(view.offset, Math.max(0, sorted.length - page));
  const queues = sorted.slice(offset, offset + page);
  const shown = shownColumns(queues).map((column) => ({ ...column, label: headText(column, view) }));
  const lines = tableLines(fitTable(queues, shown, { width, header: true }).columns, paint);
  return [
    paint('bold', cut(title(sample, interval), width)),
    lines.head(),
    ...queues.map((queue) => lines.row(queue)),
    ...Array.from({ length: page - queues.length }, () => ''),
    paint('dim', cut(KEYS + SCROLL, width)),
  ];
}
