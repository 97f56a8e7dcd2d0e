import type { AskStyle } from './ask-style.js';

/** Milliseconds that a request waits for its answer unless it is told otherwise. */
export const DEFAULT_TIMEOUT = 5000;

export interface ConnectOptions {
  /**
   * How to ask; `auto`. That is at this client's own type where a sign of life says that the server is Timeq's
   * (`addressed`). Elsewhere it sends a number, and takes the answer at type 3 (`shared`), at that number (`pid`) or at
   * the number plus 3 (`pid+3`), which serves every classic server. `shared` sends an empty body, `pid` and `pid+3` send
   * this process's pid.
   */
  readonly ask?: AskStyle | undefined;
  /** The same as `ask: 'shared'`. */
  readonly classic?: boolean | undefined;
  /** Milliseconds for each request that names no timeout of its own; 5000 by default, Infinity for none. */
  readonly timeout?: number | undefined;
}
