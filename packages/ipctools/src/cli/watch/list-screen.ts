import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT, exitCodeOfSignal } from '@timeq/cli-kit/exit/exit-codes';
import { isDumb } from '@timeq/cli-kit/text/dumb';
import { catchingNotes } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';
import type { ScreenSize } from '@timeq/cli-kit/screens/alternate-screen';
import { moveKey } from '@timeq/cli-kit/screens/keys';
import { LiveScreen } from '@timeq/cli-kit/screens/live-screen';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { cut } from '@timeq/cli-kit/text/width';
import { formatLocal } from '../../format/time.js';

/** Writes the list once. */
type Write = (output: Output) => Promise<unknown>;

/** Above and below the list. */
const LINES_AROUND = 2;
const LEGEND = 'q quit  arrows scroll';

/** The list as it is now, with the notes that belong to it. */
async function linesOf(write: Write): Promise<readonly string[]> {
  let text = '';
  const notes: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString('utf8');
      done();
    },
  });
  await catchingNotes(
    (line) => notes.push(line),
    () => write(new Output(stream)),
  );
  return [...text.trimEnd().split('\n'), ...notes];
}

/** Writes the list again and again, one after the other, until a signal comes. @throws ReaderGone */
async function writeAgain(write: Write, interval: number, separator: string): Promise<number> {
  using interruption = new Interruption();
  const output = new Output();
  for (;;) {
    await write(output);
    await delay(interval, undefined, { signal: interruption.signal }).catch(() => undefined);
    const { exitCode } = interruption;
    if (exitCode !== undefined) return exitCode === exitCodeOfSignal('SIGINT') ? EXIT.done : exitCode;
    await output.write(separator);
  }
}

/** Shows the list on the whole screen, until the user quits. */
async function showAgain(write: Write, interval: number): Promise<number> {
  const { paint } = screenOf();
  let lines: readonly string[] = [];
  let columns = 0;
  let first = 0;
  /** The exit codes of what ended it; the first counts. */
  const endings: number[] = [];
  let awake = new AbortController();
  const end = (code: number): void => {
    endings.push(code);
    awake.abort();
  };
  const page = ({ rows }: ScreenSize): number => Math.max(1, rows - LINES_AROUND);
  const draw = (size: ScreenSize): readonly string[] => {
    // Of another width: it is written again at once.
    if (size.columns !== columns) {
      awake.abort();
      return [];
    }
    const shown = page(size);
    first = Math.max(0, Math.min(first, lines.length - shown));
    const time = formatLocal(Math.floor(Date.now() / 1000)).slice(11);
    const body = Array.from({ length: shown }, (_, index) => lines[first + index] ?? '');
    const title = cut(`${time}  every ${interval / 1000}s`, columns);
    return [title, ...body, paint('dim', cut(LEGEND, columns))];
  };
  const press = (key: string, size: ScreenSize): void => {
    if (key === 'q') end(EXIT.done);
    first = moveKey(key, first, lines.length, page(size)) ?? first;
  };
  using screen = new LiveScreen({
    draw,
    press,
    end: (signal) => end(signal === 'SIGINT' ? EXIT.done : exitCodeOfSignal(signal)),
  });
  while (endings.length === 0) {
    awake = new AbortController();
    const { width } = screenOf();
    lines = await linesOf(write);
    columns = width;
    screen.draw();
    await delay(interval, undefined, { signal: awake.signal }).catch(() => undefined);
  }
  return endings[0] ?? EXIT.done;
}

/**
 * Shows a list again and again: on the whole screen of a terminal, elsewhere one after the other.
 * @param interval milliseconds between two looks
 */
export async function watchList(
  write: Write,
  { interval, json, raw }: { readonly interval: number; readonly json: boolean; readonly raw: boolean },
): Promise<number> {
  if (screenOf().isTerminal && !isDumb() && !json && !raw) return await showAgain(write, interval);
  return await writeAgain(write, interval, json ? '' : '\n');
}
