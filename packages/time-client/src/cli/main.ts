import { ClientError } from '../client/client-error.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { Interruption } from './interruption.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { remark } from './output.js';
import { readCommandLine } from './program.js';

/** Runs a command line (without node and the script), and resolves with the exit code. */
export async function main(commandLine: readonly string[]): Promise<number> {
  const interruption = new Interruption();
  try {
    const command = await readCommandLine(commandLine);
    if (command === undefined) return EXIT.done;
    const run = await command.load();
    return await run(command.settings, interruption.signal);
  } catch (error) {
    if (interruption.reason === undefined) return report(error);
    if (interruption.reason === 'EPIPE') return EXIT.done;
    // The handler is off by now: the shell shall see which signal it was.
    process.kill(process.pid, interruption.reason);
    return EXIT.failed;
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    remark(`${error.message}; see time-client --help`);
    return EXIT.usage;
  }
  remark(error instanceof Error ? error.message : String(error));
  return error instanceof ClientError ? exitCodeOf(error) : EXIT.failed;
}
