import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { exitCodeOfNatsError } from '@timeq/nats/options';
import { ClientError } from '../client/client-error.js';

/** Exit code 3 of this command. */
export const NO_SERVER = 3;

/** The sentence for an error. No expected error shows a stack trace. */
export function explain(error: unknown): { message: string; exitCode: number } {
  return {
    message: error instanceof Error ? error.message : String(error),
    exitCode: exitCodeOfNatsError(error) ?? exitCodeOf(error),
  };
}

function exitCodeOf(error: unknown): number {
  if (!(error instanceof ClientError)) return EXIT.failed;
  if (error.noServer) return NO_SERVER;
  if (error.timedOut) return EXIT.timedOut;
  return error.code === 'NOT_PERMITTED' ? EXIT.notPermitted : EXIT.failed;
}
