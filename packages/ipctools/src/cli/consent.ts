import { canAsk, confirm } from '@timeq/cli-kit/prompts/confirm';
import { ExitError, exitCodeOfSignal } from '@timeq/cli-kit/exit/exit-codes';
import { REFUSED } from './explain.js';

/** The failure after a question was answered with Ctrl-C. */
export function interrupted(): ExitError {
  return new ExitError(exitCodeOfSignal('SIGINT'), 'interrupted; nothing done');
}

/** Ends with exit code 3 unless the user agrees, or passed --yes. */
export async function requireConsent(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!canAsk())
    throw new ExitError(REFUSED, 'cannot ask without a terminal; nothing done (--yes skips the question)');
  const answer = await confirm(question);
  if (answer === 'interrupted') throw interrupted();
  if (answer === 'no') throw new ExitError(REFUSED, 'not confirmed; nothing done');
}
