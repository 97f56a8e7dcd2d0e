import { EXIT, type ExitMeanings } from '@timeq/cli-kit/exit/exit-codes';
import type { ServerErrorCode } from '../server-error.js';

/** The exit code after a second Ctrl-C. */
export const ENDED_AT_ONCE = 130;

const TAKEN = 3;

/** The exit codes of the command, with their texts in --help. */
export const EXIT_MEANINGS: ExitMeanings = [
  [EXIT.done, 'stopped: the queue and its semaphore are removed'],
  [EXIT.failed, 'failed'],
  [EXIT.usage, 'wrong usage; nothing was done'],
  [
    TAKEN,
    "the key is taken: by another server, by a queue that may be another program's, or by another user; or there is no NATS",
  ],
  [
    EXIT.timedOut,
    'with --takeover: the other server did not end in time; with --nats: NATS did not answer in time',
  ],
  [EXIT.notPermitted, 'not permitted'],
  [ENDED_AT_ONCE, 'ended at once, by a second Ctrl-C or a signal during --takeover; requests are unanswered'],
];

export const EXIT_OF_SERVER_ERROR: Readonly<Record<ServerErrorCode, number>> = {
  FAILED: EXIT.failed,
  HELD: TAKEN,
  FOREIGN: TAKEN,
  TIMED_OUT: EXIT.timedOut,
  NOT_PERMITTED: EXIT.notPermitted,
};
