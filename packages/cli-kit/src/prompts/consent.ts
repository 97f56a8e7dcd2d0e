import { ExitError, exitCodeOfSignal } from '../exit/exit-codes.js';
import { canAsk, confirm } from './confirm.js';

/** The failure after a question was answered with Ctrl-C. */
export function interrupted(): ExitError {
  return new ExitError(exitCodeOfSignal('SIGINT'), 'interrupted; nothing done');
}

/** Ends with the exit code `refused` unless the user agrees, or passed --yes. */
export async function requireConsent(
  question: string,
  yes: boolean,
  refused: number,
  cannotAsk = refused,
): Promise<void> {
  if (yes) return;
  if (!canAsk())
    throw new ExitError(cannotAsk, 'cannot ask without a terminal; nothing done (--yes skips the question)');
  const answer = await confirm(question);
  if (answer === 'interrupted') throw interrupted();
  if (answer === 'no') throw new ExitError(refused, 'not confirmed; nothing done');
}
