import { runProgram } from '@timeq/cli-kit/verbs/run';
import { PROGRAM } from './program.js';

/** Runs a command line (without node and the script), and resolves with the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  return runProgram(PROGRAM, argv);
}
