import { runProgram } from '@timeq/cli-kit/verbs/run';
import { PROGRAM } from './program.js';

/** Runs a command line (without node and the script), and resolves with the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  // A log that has no reader any more is no reason to stop.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return runProgram(PROGRAM, argv);
}
