import type { OtherProgram } from '@timeq/cli-kit/verbs/verb';
import { UTIL_LINUX } from '../compat/util-linux/programs.js';

/** Runs ipctools with the arguments of its command line. @returns the exit code; one sentence is on stderr if not 0 */
export async function main(argv: readonly string[]): Promise<number> {
  const [first = '', ...rest] = argv;
  // Scripts call these often, and they start sooner without the verbs.
  const program = UTIL_LINUX.get(first);
  if (program !== undefined) return await runOther(first, program, rest);
  const { runProgram } = await import('@timeq/cli-kit/verbs/run');
  const { PROGRAM } = await import('./program.js');
  return await runProgram(PROGRAM, argv);
}

/** What the program was loaded from may be incomplete: the addon can be missing, and then it can't say so itself. */
async function runOther(name: string, program: OtherProgram, argv: string[]): Promise<number> {
  let loaded;
  try {
    loaded = await program.load();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    return 1;
  }
  return await loaded.run(argv);
}
