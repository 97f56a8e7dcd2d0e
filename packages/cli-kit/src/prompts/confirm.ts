import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { aroundStops } from '../signals/stops.js';

/** Whether the user can be asked: both the question and the answer need a terminal. */
export function canAsk(): boolean {
  return isatty(process.stdin.fd) && isatty(process.stderr.fd);
}

/** The answer to a prompt on the terminal; undefined at the end of input. Ctrl-C is told apart. */
function ask(prompt: string): Promise<string | undefined | typeof INTERRUPTED> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const kept = aroundStops(process.stdin, { resume: () => lines.prompt(true) });
  return new Promise((resolve) => {
    let answered = false;
    lines.on('close', () => {
      kept[Symbol.dispose]();
      if (!answered) process.stderr.write('\n');
      resolve(undefined);
    });
    lines.on('SIGINT', () => {
      resolve(INTERRUPTED);
      lines.close();
    });
    lines.question(prompt, (answer) => {
      answered = true;
      resolve(answer);
      lines.close();
    });
  });
}

const INTERRUPTED = Symbol('Ctrl-C');

/** Asks `question [y/N]` on the terminal. Anything but y or yes, and the end of input, is a no. */
export async function confirm(question: string): Promise<'yes' | 'no' | 'interrupted'> {
  const answer = await ask(`${question} [y/N] `);
  if (answer === INTERRUPTED) return 'interrupted';
  return /^y(es)?$/i.test(answer?.trim() ?? '') ? 'yes' : 'no';
}

/** Waits for Enter, the end of input or Ctrl-C. */
export async function pause(prompt: string): Promise<void> {
  await ask(prompt);
}
