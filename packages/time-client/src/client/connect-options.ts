/** Milliseconds that a request waits for its answer unless it is told otherwise. */
export const DEFAULT_TIMEOUT = 5000;

export interface ConnectOptions {
  /** Ask as the exercise's clients do: an empty body, answered at the shared type 3. */
  readonly classic?: boolean | undefined;
  /** Milliseconds for each request that names no timeout of its own; 5000 by default, Infinity for none. */
  readonly timeout?: number | undefined;
}
