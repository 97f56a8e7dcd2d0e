import { parse } from '@timeq/cli-kit/verbs/parse';
import { runProgram } from '@timeq/cli-kit/verbs/run';
import { PROGRAM } from './program.js';

/** Runs a command line (without node and the script), and resolves with the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  // Every verb needs the parser: one file less to load.
  return runProgram(PROGRAM, argv, parse);
}
