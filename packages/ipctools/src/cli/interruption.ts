import { exitCodeOfSignal, type ExitCode } from '../exit-code.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm hands on the Ctrl-C that the terminal has sent as well: so soon after the first, a second one doesn't count. */
const SAME_MILLISECONDS = 100;

/** Turns the signals that end a program into AbortSignals, so that what is under way ends in order. */
export class Interruption implements Disposable {
  readonly #first = new AbortController();
  readonly #insisted = new AbortController();
  #exitCode: ExitCode | undefined;
  #firstAt = Infinity;

  readonly #listener = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (signal !== 'SIGINT' || now > this.#firstAt + SAME_MILLISECONDS) this.#insisted.abort();
    this.#firstAt = Math.min(this.#firstAt, now);
    this.#exitCode ??= exitCodeOfSignal(signal);
    this.#first.abort();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** Aborted by a second Ctrl-C, and by the first of the other signals: end at once. */
  get insisted(): AbortSignal {
    return this.#insisted.signal;
  }

  /** 128 and the number of the signal that came first, or undefined if none did. */
  get exitCode(): ExitCode | undefined {
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }
}
