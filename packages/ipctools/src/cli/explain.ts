import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { asFailure, type FailureCode } from '../failure.js';

/** Exit code 3 of this command: it refuses, or was not allowed to go on. */
export const REFUSED = 3;

const OF_CODE: Readonly<Record<FailureCode, number>> = {
  FAILED: EXIT.failed,
  INVALID: EXIT.usage,
  TIMED_OUT: EXIT.timedOut,
  NOT_PERMITTED: EXIT.notPermitted,
};

/** What to tell of an error; undefined for a fault of this program, which deserves its stack trace. */
export function explain(error: unknown): ExitError | undefined {
  if (error instanceof ExitError) return error;
  const failure = asFailure(error);
  return failure && new ExitError(OF_CODE[failure.code], failure.message);
}
