import type { AskStyle } from './ask-style.js';

/** The default timeout of a request, in milliseconds. */
export const DEFAULT_TIMEOUT = 5000;

export interface ConnectOptions {
  /**
   * How to ask; `auto` by default. It asks at this client's own type (`addressed`) if a sign of life says that the
   * server is Timeq's. Otherwise it sends a number, and takes the answer at type 3 (`shared`), at that number (`pid`)
   * or at the number plus 3 (`pid+3`), which works with every classic server. `shared` sends an empty body, `pid` and
   * `pid+3` send this process's pid.
   */
  readonly ask?: AskStyle | undefined;
  /** The same as `ask: 'shared'`. */
  readonly classic?: boolean | undefined;
  /** The timeout in milliseconds of requests that have none of their own; 5000 by default, Infinity for none. */
  readonly timeout?: number | undefined;
}
