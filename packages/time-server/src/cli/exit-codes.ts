import type { ServerErrorCode } from '../server-error.js';

/** The exit codes of the command, with what --help says about each. */
export const EXIT_CODES = [
  { code: 0, meaning: 'stopped: the queue and its semaphore are removed' },
  { code: 1, meaning: 'failed' },
  { code: 2, meaning: 'wrong usage; nothing was done' },
  {
    code: 3,
    meaning:
      "the key is taken: by another server, by a queue that may be another program's, or by another user",
  },
  { code: 4, meaning: 'with --takeover: the other server did not end in time' },
  { code: 5, meaning: 'not permitted' },
  {
    code: 130,
    meaning: 'ended at once, by a second Ctrl-C or a signal during --takeover; requests are unanswered',
  },
] as const;

/** One of them. */
export type ExitCode = (typeof EXIT_CODES)[number]['code'];

const OF_ERROR: Record<ServerErrorCode, ExitCode> = {
  FAILED: 1,
  HELD: 3,
  FOREIGN: 3,
  TIMED_OUT: 4,
  DENIED: 5,
};

/** The exit code for an error of the server. */
export function exitCodeOf(code: ServerErrorCode): ExitCode {
  return OF_ERROR[code];
}
