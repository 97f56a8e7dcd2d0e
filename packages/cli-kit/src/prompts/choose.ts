import { ExitError, exitCodeOfSignal } from '../exit/exit-codes.js';
import type { Paint } from '../output/color.js';
import { screenOf } from '../output/screen.js';
import type { ScreenSize } from '../screens/alternate-screen.js';
import { LiveScreen } from '../screens/live-screen.js';
import type { TextColumn } from '../tables/column.js';
import { fitTable } from '../tables/fit.js';
import { tableLines } from '../tables/lines.js';
import { escapeText } from '../text/escape.js';
import { cut, wrap } from '../text/width.js';
import { pressChoice, settleChoice, shownRows, type ChoiceScene, type Choosing } from './choosing.js';

/** A list to choose from. */
export interface ChoiceList<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TextColumn<Row>[];
  /** Whether it is chosen at first. */
  isChosen(row: Row): boolean;
  /** More about the row under the cursor. */
  detail(row: Row): string;
  /** A key that chooses those for which it holds. */
  readonly preset: { readonly key: string; readonly name: string; holds(row: Row): boolean };
  /** What the chosen ones amount to: `2.1K bytes`. */
  total(chosen: readonly Row[]): string;
}

const MARKS = '> [x] ';
/** The lines about the row under the cursor, at most. */
const DETAIL_LINES = 3;
/** Title, labels and legend. */
const LINES_AROUND = 3;

function rowsOnScreen({ rows }: ScreenSize): number {
  return Math.max(1, rows - LINES_AROUND - DETAIL_LINES);
}

/** The lines of the screen, each no wider than it. */
export function drawChoice<Row>(
  list: ChoiceList<Row>,
  state: Choosing,
  { texts }: Pick<ChoiceScene, 'texts'>,
  size: ScreenSize,
  paint: Paint,
): string[] {
  const { columns: width } = size;
  const chosen = list.rows.filter((_, row) => state.chosen.has(row));
  const shown = shownRows(state.filter, texts);
  const page = rowsOnScreen(size);
  const numbers = shown.slice(state.first, state.first + page);
  const rows = numbers.map((number) => list.rows[number] as Row);
  const lines = tableLines(
    fitTable(rows, list.columns, { width: Math.max(1, width - MARKS.length), header: true }).columns,
    paint,
  );
  const current = list.rows[shown[state.cursor] ?? -1];
  const detail =
    current === undefined
      ? ['none of them contains that text']
      : wrap(escapeText(list.detail(current)), width);
  const legend = state.typing
    ? `/${escapeText(state.filter)}_  enter keeps the filter, esc ends it`
    : `enter continue  space choose  a all  n none  ${list.preset.key} ${list.preset.name}  / filter  esc cancel`;
  const filter = state.filter === '' ? '' : ` (${shown.length} contain '${state.filter}')`;
  return [
    paint(
      'bold',
      cut(
        `${list.title} ${chosen.length} of ${list.rows.length} chosen, ${list.total(chosen)}${escapeText(filter)}`,
        width,
      ),
    ),
    `${' '.repeat(MARKS.length)}${lines.head()}`,
    ...rows.map((row, index) => {
      const isCurrent = state.first + index === state.cursor;
      const box = state.chosen.has(numbers[index] ?? -1) ? '[x]' : '[ ]';
      const line = `${isCurrent ? '>' : ' '} ${box} ${lines.row(row)}`;
      return isCurrent ? paint('inverse', line) : line;
    }),
    ...Array.from({ length: page - rows.length }, () => ''),
    ...Array.from({ length: DETAIL_LINES }, (_, line) => cut(detail[line] ?? '', width)),
    state.typing ? cut(legend, width) : paint('dim', cut(legend, width)),
  ];
}

/**
 * Lets the user choose from a list, on a screen of its own on standard error. Undefined if it was cancelled with Ctrl-C
 * or Escape.
 * @throws ExitError on a signal that ends programs
 */
export async function chooseFrom<Row>(list: ChoiceList<Row>): Promise<readonly Row[] | undefined> {
  const { paint } = screenOf(process.stderr);
  const texts = list.rows.map((row) =>
    list.columns
      .map((column) => column.text(row))
      .join(' ')
      .toLowerCase(),
  );
  const where = (holds: (row: Row) => boolean): ReadonlySet<number> =>
    new Set(list.rows.flatMap((row, index) => (holds(row) ? [index] : [])));
  const preset = { key: list.preset.key, rows: where((row) => list.preset.holds(row)) };
  let state: Choosing = {
    chosen: where((row) => list.isChosen(row)),
    filter: '',
    typing: false,
    cursor: 0,
    first: 0,
  };
  const sceneOn = (size: ScreenSize): ChoiceScene => ({ texts, page: rowsOnScreen(size), preset });
  return await new Promise<readonly Row[] | undefined>((resolve, reject) => {
    const screen = new LiveScreen(
      {
        draw(size) {
          state = settleChoice(state, sceneOn(size));
          return drawChoice(list, state, { texts }, size, paint);
        },
        press(key, size) {
          const next = pressChoice(state, key, sceneOn(size));
          if (typeof next === 'object') {
            state = next;
            return;
          }
          screen[Symbol.dispose]();
          resolve(next === 'done' ? list.rows.filter((_, row) => state.chosen.has(row)) : undefined);
        },
        end(signal) {
          screen[Symbol.dispose]();
          if (signal === 'SIGINT') resolve(undefined);
          else reject(new ExitError(exitCodeOfSignal(signal), 'interrupted; nothing done'));
        },
      },
      process.stdin,
      process.stderr,
    );
    screen.draw();
  });
}
