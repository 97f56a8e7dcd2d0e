import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { displayWidth } from '../text/width.js';
import { isDumb } from '../text/dumb.js';
import { Output } from './output.js';

/** What sh answers where the command can't be run. */
const NOT_RUN = 126;

/** Writes a text to a terminal; through the user's pager if that is too small for it. */
export async function writePaged(text: string): Promise<void> {
  if (!isDumb() && rowsOf(text) > (process.stdout.rows || Infinity)) {
    const { PAGER } = process.env;
    const command = PAGER === undefined ? 'command -v less >/dev/null || exit 127; exec less' : PAGER.trim();
    if (command !== '' && command !== 'cat' && (await page(text, command))) return;
  }
  await new Output().deliver(text);
}

function rowsOf(text: string): number {
  const columns = process.stdout.columns || 80;
  return text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns)), 0);
}

/** Returns false if there is no such pager. The user's end of it, with Ctrl-C too, is the end of the text. */
async function page(text: string, command: string): Promise<boolean> {
  // Ctrl-C is for the pager, which goes on or ends.
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  try {
    // As git does: less ends by itself if the text fits, and keeps it on the screen.
    const env = { LESS: 'FRX', ...process.env };
    const pager = spawn(command, { shell: '/bin/sh', stdio: ['pipe', 'inherit', 'inherit'], env });
    // A pager that ends before it has read everything.
    pager.stdin.on('error', ignore);
    pager.stdin.end(text);
    const [code] = (await once(pager, 'exit')) as [number | null];
    return code === null || code < NOT_RUN;
  } finally {
    process.off('SIGINT', ignore);
  }
}
