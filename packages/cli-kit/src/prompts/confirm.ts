import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { aroundStops } from '../signals/stops.js';

/** Whether the user can be asked: both the question and the answer need a terminal. */
export function canAsk(): boolean {
  return isatty(process.stdin.fd) && isatty(process.stderr.fd);
}

/**
 * Asks `question [y/N]` on the terminal. Anything but y or yes, and the end of input, is a no; Ctrl-C is told apart.
 */
export function confirm(question: string): Promise<'yes' | 'no' | 'interrupted'> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const kept = aroundStops(process.stdin, { resume: () => lines.prompt(true) });
  return new Promise((resolve) => {
    let answered = false;
    lines.on('close', () => {
      kept[Symbol.dispose]();
      if (!answered) process.stderr.write('\n');
      resolve('no');
    });
    lines.on('SIGINT', () => {
      resolve('interrupted');
      lines.close();
    });
    lines.question(`${question} [y/N] `, (answer) => {
      answered = true;
      resolve(/^y(es)?$/i.test(answer.trim()) ? 'yes' : 'no');
      lines.close();
    });
  });
}
