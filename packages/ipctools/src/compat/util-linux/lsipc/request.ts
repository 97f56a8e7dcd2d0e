import type { TimeFormat } from './look.js';

/** What the command line asks for. */
export interface Request {
  /** Letters of the options given, and the names of those that have none. */
  readonly given: ReadonlySet<string>;
  /** The id of the only object to show, or the name of a POSIX object. */
  readonly wanted: string | undefined;
  /** The list of `-o`. */
  readonly columns: string | undefined;
  readonly times: TimeFormat | undefined;
}
