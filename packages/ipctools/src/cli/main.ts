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

/** The program's own files may be incomplete: if the addon is missing, it can't report that itself. */
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
