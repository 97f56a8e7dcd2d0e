import { UTIL_LINUX } from '../compat/util-linux/programs.js';

/** Runs ipctools with the arguments of its command line. @returns the exit code; one sentence is on stderr if not 0 */
export async function main(argv: readonly string[]): Promise<number> {
  const [first = '', ...rest] = argv;
  // Scripts call these often, and they start sooner without the verbs.
  const program = UTIL_LINUX.get(first);
  if (program !== undefined) return await (await program.load()).run(rest);
  const { runProgram } = await import('@timeq/cli-kit/verbs/run');
  const { PROGRAM } = await import('./program.js');
  return await runProgram(PROGRAM, argv);
}
