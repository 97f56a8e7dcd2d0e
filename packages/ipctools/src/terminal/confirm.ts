import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { EXIT, exitCodeOfSignal } from '../exit-code.js';
import { Failure } from '../failure.js';

/** Whether a person can be asked: both the question and the answer have a terminal. */
export function canAsk(): boolean {
  return isatty(process.stdin.fd) && isatty(process.stderr.fd);
}

/**
 * Asks `question [y/N]` on the terminal. Anything but y or yes, and the end of input, is a no.
 * @throws Failure when interrupted by Ctrl-C
 */
export function confirm(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve, reject) => {
    let answered = false;
    prompt.on('close', () => {
      if (!answered) process.stderr.write('\n');
      resolve(false);
    });
    prompt.on('SIGINT', () => {
      reject(new Failure(exitCodeOfSignal('SIGINT'), 'interrupted; nothing done'));
      prompt.close();
    });
    prompt.question(`${question} [y/N] `, (answer) => {
      answered = true;
      resolve(/^y(es)?$/i.test(answer.trim()));
      prompt.close();
    });
  });
}

/** Ends with exit code 3 unless the person agrees, or said so beforehand with --yes. */
export async function requireConsent(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!canAsk())
    throw new Failure(
      EXIT.refused,
      'nobody to ask without a terminal; nothing done (--yes agrees beforehand)',
    );
  if (!(await confirm(question))) throw new Failure(EXIT.refused, 'not confirmed; nothing done');
}
