import { EXIT, type ExitMeanings } from '@timeq/cli-kit/exit/exit-codes';
import type { BridgeErrorCode } from '../bridge-error.js';

const NOT_THERE = 3;

/** The exit codes of the command, with what --help says about each. */
export const EXIT_MEANINGS: ExitMeanings = [
  [EXIT.done, 'stopped by a signal, or done'],
  [EXIT.failed, 'failed, or another bridge has the queue'],
  [EXIT.usage, 'wrong usage; nothing was done'],
  [NOT_THERE, 'there is no such queue, no NATS server or no such stream'],
  [EXIT.timedOut, 'NATS did not answer in time'],
  [EXIT.notPermitted, 'not permitted'],
];

export const EXIT_OF_BRIDGE_ERROR: Readonly<Record<BridgeErrorCode, number>> = {
  FAILED: EXIT.failed,
  HELD: EXIT.failed,
  WRONG_SETTING: EXIT.usage,
  NOT_THERE,
  TIMED_OUT: EXIT.timedOut,
  NOT_PERMITTED: EXIT.notPermitted,
};
