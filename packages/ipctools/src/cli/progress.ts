import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isDumb } from '@timeq/cli-kit/text/dumb';
import { cut } from '@timeq/cli-kit/text/width';
import { formatDuration } from '../format/time.js';

/** Milliseconds until the first line: what is done sooner needs none. */
const FIRST = 1000;
/** Milliseconds between two lines. */
const EVERY = 250;
const CLEAR = '\r\u001b[K';

/** What is known of a long run. */
interface Run {
  /** How many messages there will be; Infinity where it is not known. */
  readonly total?: number;
  /** How much is done, from 0 to 1, where that is known and the number of messages is not. */
  readonly share?: () => number;
  /** Whether other programs write to the terminal meanwhile: then each line stays, and they get rarer. */
  readonly amongOthers?: boolean;
  readonly isShown?: boolean;
}

/** One line about a long run on standard error, which is drawn again and again; none elsewhere than on a terminal. */
export class Progress implements Disposable {
  readonly #what: string;
  readonly #run: Run;
  readonly #start = performance.now();
  readonly #isShown: boolean;
  #next = FIRST;
  #isDrawn = false;
  #count = 0;

  /** @param what has been done with messages: `sent` */
  constructor(what: string, run: Run) {
    this.#what = what;
    this.#run = run;
    this.#isShown = (run.isShown ?? true) && isatty(2) && !isDumb();
  }

  /** One more message. */
  step(): void {
    this.#count += 1;
    if (!this.#isShown) return;
    const elapsed = performance.now() - this.#start;
    if (elapsed < this.#next) return;
    const { total = Infinity, share, amongOthers = false } = this.#run;
    this.#next = amongOthers ? elapsed * 2 : elapsed + EVERY;
    this.#isDrawn = !amongOthers;
    const line = progressLine(this.#what, this.#count, elapsed, {
      total,
      share: share?.() ?? this.#count / total,
    });
    const columns = process.stderr.columns || 80;
    writeSync(2, amongOthers ? `${line}\n` : CLEAR + cut(line, columns - 1));
  }

  [Symbol.dispose](): void {
    if (this.#isDrawn) writeSync(2, CLEAR);
  }
}

/** `1200 of 5000 sent, 400/s, 9s left` */
export function progressLine(
  what: string,
  count: number,
  milliseconds: number,
  { total, share }: { readonly total: number; readonly share: number },
): string {
  const rate = (count * 1000) / milliseconds;
  const perSecond = `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
  const of = total === Infinity ? '' : ` of ${total}`;
  const left = (milliseconds * (1 - share)) / share / 1000;
  return `${count}${of} ${what}, ${perSecond}${share > 0 ? `, ${formatDuration(Math.ceil(left))} left` : ''}`;
}
