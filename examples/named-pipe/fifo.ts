import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../parts/program.js';

/** The default path of the FIFO. */
export function fifoPath(given: string | undefined): string {
  return given ?? join(tmpdir(), `timeq-named-pipe-${userInfo().uid}`);
}

/** Creates the FIFO with the command mkfifo, because Node.js has no call for it. */
export function makeFifo(path: string): void {
  try {
    execFileSync('mkfifo', ['-m', '600', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer };
    throw new Failure(
      `No FIFO can be made at ${path} (${stderr?.toString().trim() ?? String(error)}). ` +
        'If it is there already, another reader has it, or one that was killed left it: then delete it.',
    );
  }
}

/** Whether there is a FIFO at the path, and not another kind of file. */
export function isFifo(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}
