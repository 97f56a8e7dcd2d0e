import { setMaxListeners } from 'node:events';
import { exitCodeOfSignal } from '../exit/exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** npm repeats the Ctrl-C that the terminal has already sent: a second one this soon is the same key press. */
export const SAME_MILLISECONDS = 100;

/** Turns the signals that end a program into AbortSignals, so that pending work ends in order. */
export class Interruption implements Disposable {
  readonly #first = new AbortController();
  readonly #second = new AbortController();
  readonly #insisted = new AbortController();
  #firstAt = Infinity;

  readonly #listener = (name: NodeJS.Signals): void => {
    const now = performance.now();
    const isSecond = name === 'SIGINT' && now > this.#firstAt + SAME_MILLISECONDS;
    this.#firstAt = Math.min(this.#firstAt, now);
    this.#first.abort(name);
    if (isSecond) this.#second.abort(name);
    if (isSecond || name !== 'SIGINT') this.#insisted.abort(name);
  };

  constructor() {
    // Every pending request listens to it, which is no leak.
    setMaxListeners(0, this.#first.signal);
    for (const name of SIGNALS) process.on(name, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** Aborted by a Ctrl-C that follows another signal. */
  get second(): AbortSignal {
    return this.#second.signal;
  }

  /** Aborted by a second Ctrl-C, and by the first of the other signals: end at once. */
  get insisted(): AbortSignal {
    return this.#insisted.signal;
  }

  /** The signal that came first. */
  get name(): NodeJS.Signals | undefined {
    return this.signal.aborted ? (this.signal.reason as NodeJS.Signals) : undefined;
  }

  /** 128 and the number of the signal that came first. */
  get exitCode(): number | undefined {
    return this.name && exitCodeOfSignal(this.name);
  }

  [Symbol.dispose](): void {
    for (const name of SIGNALS) process.off(name, this.#listener);
  }
}
