import { showsUnicode } from '@timeq/cli-kit/text/character-set';
import type { Paint } from '@timeq/cli-kit/output/color';
import type { ScreenSize } from '@timeq/cli-kit/screens/alternate-screen';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { fitTable } from '@timeq/cli-kit/tables/fit';
import { tableLines } from '@timeq/cli-kit/tables/lines';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { cut } from '@timeq/cli-kit/text/width';
import { formatCount } from '../../format/count.js';
import { formatLocal } from '../../format/time.js';
import { formatSize } from '../../render/bytes.js';
import { layLines } from '../show/facts-of-object.js';
import { bound } from '../../render/columns/bound.js';
import type { Sample } from '../../watch/sampler.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import type { WatchColumn } from './columns.js';
import { KEY_COLUMNS, KEYS } from './keys.js';
import { queueLines, type Look } from './queue-page.js';
import { cursorRow, sortedBy, type View } from './view.js';

/** What is on the screen. */
export interface Picture {
  readonly sample: Sample;
  /** The queues of the sample that satisfy the filter, in their order. */
  readonly queues: readonly WatchedQueue[];
  readonly columns: readonly WatchColumn[];
  readonly view: View;
  /** The queue that is looked at, on its own page. */
  readonly look: Look | undefined;
  /** Milliseconds between two samples. */
  readonly interval: number;
}

/** Title and last line. */
const LINES_AROUND = 2;

/** How many lines are between the title and the last line. */
export function linesBetween({ rows }: ScreenSize): number {
  return Math.max(1, rows - LINES_AROUND);
}

/** How many rows of the list are on the screen: there is also a line of labels. */
export function rowsOnScreen(size: ScreenSize): number {
  return Math.max(1, linesBetween(size) - 1);
}

function title({ sample: { time, queues }, queues: shown, view, interval }: Picture): string {
  const messages = queues.reduce((sum, { entry }) => sum + entry.messages, 0);
  const held = queues.reduce((sum, { entry }) => sum + entry.bytes, 0);
  const moment = formatLocal(Math.floor(time / 1000)).slice(11);
  const every = interval % 1000 === 0 ? `${interval / 1000}s` : `${interval}ms`;
  const count = formatCount(queues.length, 'queue');
  const filtered = `${shown.length} of ${count} (${escapeText(view.conditions.join(', '))})`;
  return [
    `${moment}  ${view.conditions.length === 0 ? count : filtered}`,
    ...(view.tagged.size > 0 ? [`${view.tagged.size} tagged`] : []),
    formatCount(messages, 'message'),
    formatSize(held),
    `every ${every}`,
  ].join(', ');
}

const [UP, DOWN] = showsUnicode() ? ['↑', '↓'] : ['^', 'v'];
const LEGENDS: Readonly<Record<View['page'], string>> = {
  queues: 'q quit  ? help  enter look  / filter  s sort  space tag  x clean',
  queue: 'q quit  ? help  esc back  arrows scroll  x clean',
  help: 'q quit  esc back',
};

function lastLine({ typed, message, page }: View, width: number, paint: Paint): string {
  if (typed !== undefined) {
    const hint = message === '' ? 'enter keeps the filter, esc ends it' : message;
    return cut(`/${escapeText(typed)}_  ${escapeText(hint)}`, width);
  }
  return message === ''
    ? paint('dim', cut(LEGENDS[page], width))
    : paint('yellow', cut(escapeText(message), width));
}

/** In front of each row: the cursor and the tag. */
const MARKS = 2;

function labelOf(column: WatchColumn, view: View): string {
  const { name, descending } = sortedBy(view);
  return column.name === name ? `${column.label}${descending ? DOWN : UP}` : column.label;
}

function listLines(picture: Picture, size: ScreenSize, paint: Paint): string[] {
  const { queues, view, sample } = picture;
  const rows = queues.slice(view.first, view.first + rowsOnScreen(size));
  if (rows.length === 0)
    return ['', sample.queues.length === 0 ? 'no queues' : 'no queue satisfies the filter'].map((line) =>
      cut(line, size.columns),
    );
  const columns: TextColumn<WatchedQueue>[] = picture.columns.map((column) => ({
    ...bound(column, (queue: WatchedQueue) => ({ entry: queue, facts: queue.facts })),
    label: labelOf(column, view),
  }));
  const width = Math.max(1, size.columns - MARKS);
  const lines = tableLines(fitTable(rows, columns, { width, header: true }).columns, paint);
  const current = cursorRow(view, queues) - view.first;
  return [
    `${' '.repeat(MARKS)}${lines.head()}`,
    ...rows.map((queue, index) => {
      const marks = `${index === current ? '>' : ' '}${view.tagged.has(queue.name) ? '*' : ' '}`;
      const line = `${marks}${lines.row(queue)}`;
      return index === current ? paint('inverse', line) : line;
    }),
  ];
}

/** The lines of the page between title and last line, of which some may not be on the screen. */
export function pageLines(picture: Picture, size: ScreenSize, paint: Paint): string[] {
  const { page } = picture.view;
  if (page === 'queues') return listLines(picture, size, paint);
  if (page === 'help') return layLines(KEYS, size.columns, KEY_COLUMNS);
  return picture.look === undefined ? [] : queueLines(picture.look, size.columns, paint);
}

/** The lines of the screen, each no wider than it. @param lines those of the page */
export function drawFrame(
  picture: Picture,
  lines: readonly string[],
  size: ScreenSize,
  paint: Paint,
): string[] {
  const { view } = picture;
  const between = linesBetween(size);
  const first = view.page === 'queues' ? 0 : Math.max(0, Math.min(view.scrolled, lines.length - between));
  const shown = lines.slice(first, first + between);
  return [
    paint('bold', cut(title(picture), size.columns)),
    ...shown,
    ...Array.from({ length: between - shown.length }, () => ''),
    lastLine(view, size.columns, paint),
  ];
}
