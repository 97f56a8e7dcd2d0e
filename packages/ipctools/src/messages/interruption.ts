import { exitCodeOfSignal, type ExitCode } from '../exit-code.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the signals that end a program into an AbortSignal, so that what is under way ends in order. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  #exitCode: ExitCode | undefined;

  readonly #listener = (signal: NodeJS.Signals): void => {
    this.#exitCode ??= exitCodeOfSignal(signal);
    this.#controller.abort();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 128 and the number of the signal that came, or undefined if none did. */
  get exitCode(): ExitCode | undefined {
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }
}
