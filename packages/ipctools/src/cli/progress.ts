import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isDumb } from '@timeq/cli-kit/output/dumb';
import { formatDuration } from '../format/time.js';

/** Milliseconds until the first line: what is done sooner needs none. */
const FIRST = 1000;
/** Milliseconds between two lines. */
const EVERY = 250;
const CLEAR = '\r\u001b[K';

/** One line about a long run on standard error, which is drawn again and again; none elsewhere than on a terminal. */
export class Progress implements Disposable {
  readonly #what: string;
  readonly #total: number;
  readonly #start = performance.now();
  readonly #isShown: boolean;
  #next = FIRST;
  #isDrawn = false;
  #count = 0;

  /** @param what has been done with messages: `sent`; `total` is Infinity where it is not known */
  constructor(what: string, total: number, isShown = isatty(2) && !isDumb()) {
    this.#what = what;
    this.#total = total;
    this.#isShown = isShown;
  }

  /** One more message. */
  step(): void {
    this.#count += 1;
    if (!this.#isShown) return;
    const elapsed = performance.now() - this.#start;
    if (elapsed < this.#next) return;
    this.#next = elapsed + EVERY;
    this.#isDrawn = true;
    writeSync(2, CLEAR + progressLine(this.#what, this.#count, this.#total, elapsed));
  }

  [Symbol.dispose](): void {
    if (this.#isDrawn) writeSync(2, CLEAR);
  }
}

/** `1200 of 5000 sent, 400/s, 9s left` */
export function progressLine(what: string, count: number, total: number, milliseconds: number): string {
  const rate = (count * 1000) / milliseconds;
  const perSecond = `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
  if (total === Infinity) return `${count} ${what}, ${perSecond}`;
  return `${count} of ${total} ${what}, ${perSecond}, ${formatDuration(Math.ceil((total - count) / rate))} left`;
}
