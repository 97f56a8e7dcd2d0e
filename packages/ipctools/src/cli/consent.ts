import { canAsk, confirm } from '@timeq/cli-kit/prompts/confirm';
import { ExitError, exitCodeOfSignal } from '@timeq/cli-kit/exit/exit-codes';
import { REFUSED } from './explain.js';

/** The end of a verb whose question was answered with Ctrl-C. */
export function interrupted(): ExitError {
  return new ExitError(exitCodeOfSignal('SIGINT'), 'interrupted; nothing done');
}

/** Ends with exit code 3 unless the person agrees, or said so beforehand with --yes. */
export async function requireConsent(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!canAsk())
    throw new ExitError(REFUSED, 'no terminal to ask on; nothing was done (--yes agrees beforehand)');
  const answer = await confirm(question);
  if (answer === 'interrupted') throw interrupted();
  if (answer === 'no') throw new ExitError(REFUSED, 'not confirmed; nothing done');
}
