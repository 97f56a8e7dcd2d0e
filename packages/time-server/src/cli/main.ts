import { runProgram } from '@timeq/cli-kit/verbs/run';
import type { TimeServerOptions } from '../time-server.js';
import { program } from './program.js';

/**
 * Runs a command line (without node and the script), and resolves with the exit code.
 * @param overrides options for the server on top of the command line's
 */
export function main(argv: readonly string[], overrides: TimeServerOptions = {}): Promise<number> {
  // A log without a reader (`| head -1`, a closed terminal) is no reason to stop serving.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return runProgram(program(overrides), argv);
}
