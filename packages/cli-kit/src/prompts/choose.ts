import { isCancel, MultiSelectPrompt } from '@clack/core';
import { cut } from '../text/width.js';
import { aroundStops } from '../signals/stops.js';

/** An entry of the list. */
interface Choice<Value> {
  readonly value: Value;
  /** One line of text. */
  readonly label: string;
  /** Whether it is selected at first. */
  readonly chosen: boolean;
}

/** Lines of the list that are visible at once, if the terminal has that many. */
const MOST_LINES = 15;

/** The title, the number of hidden entries, and the line below. */
const LINES_AROUND = 3;

const SHOW_CURSOR = '\u001b[?25h';

interface Option {
  readonly value: number;
  readonly label: string;
}

/** The list as text. It is drawn again after a stop, when other text may be below it. */
class List extends MultiSelectPrompt<Option> {
  redraw(): void {
    this['_prevFrame'] = '';
    this.state = 'initial';
    this['render']();
  }
}

function frame(
  title: string,
  { options, cursor, value: chosen = [] }: List,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string {
  const width = columns || 80;
  const lines = Math.max(1, Math.min(MOST_LINES, (rows || 24) - LINES_AROUND));
  const first = Math.max(0, Math.min(cursor - Math.floor(lines / 2), options.length - lines));
  const shown = options.slice(first, first + lines);
  const rest = options.length - shown.length;
  return [
    cut(title, width - 1),
    ...shown.map(({ value, label }) => {
      const box = chosen.includes(value) ? '[x]' : '[ ]';
      return cut(`${value === options[cursor]?.value ? '>' : ' '} ${box} ${label}`, width - 1);
    }),
    ...(rest > 0 ? [`  ${rest} more`] : []),
  ].join('\n');
}

/** Lets the user select from a list, on standard error. Undefined if it was cancelled with Ctrl-C or Escape. */
export async function chooseFrom<Value>(
  title: string,
  choices: readonly Choice<Value>[],
): Promise<readonly Value[] | undefined> {
  const output = process.stderr;
  const list = new List({
    options: choices.map(({ label }, index) => ({ value: index, label })),
    initialValues: choices.flatMap(({ chosen }, index) => (chosen ? [index] : [])),
    output,
    render: () => frame(title, list, output),
  });
  const stops = aroundStops(process.stdin, {
    stop: () => output.write(SHOW_CURSOR),
    resume: () => list.redraw(),
  });
  const chosen = await list.prompt().finally(() => stops[Symbol.dispose]());
  if (chosen === undefined || isCancel(chosen)) return undefined;
  return choices.filter((_, index) => chosen.includes(index)).map(({ value }) => value);
}
