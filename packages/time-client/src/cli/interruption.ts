import { setMaxListeners } from 'node:events';
import { EXIT } from './exit-codes.js';
import { remark } from './output.js';

/** What ends the program from outside: a signal's name, or EPIPE when nobody reads its output any more. */
export type Reason = NodeJS.Signals | 'EPIPE';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Turns the first signal, or a broken pipe, into an aborted `signal` whose reason is a `Reason`. */
export class Interruption {
  readonly #controller = new AbortController();

  constructor() {
    // Every request under way listens to it, and that is no leak.
    setMaxListeners(0, this.#controller.signal);
    for (const name of SIGNALS) process.on(name, this.#interrupt);
    for (const stream of [process.stdout, process.stderr]) stream.on('error', this.#outputFailed);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): Reason | undefined {
    return this.signal.aborted ? (this.signal.reason as Reason) : undefined;
  }

  #interrupt = (reason: Reason): void => {
    // A second Ctrl-C shall end what the first could not.
    for (const name of SIGNALS) process.off(name, this.#interrupt);
    this.#controller.abort(reason);
  };

  #outputFailed = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') {
      this.#interrupt('EPIPE');
    } else {
      remark(`the output could not be written: ${error.message}`);
      process.exit(EXIT.failed);
    }
  };
}
