import { escapeText } from '@timeq/cli-kit/text/escape';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { DROP_INS } from '../compat/util-linux/programs.js';
import { EXIT } from '../exit-code.js';
import { explain, usageFailure } from '../failure.js';
import { ReaderGone } from './terminal/output.js';

/** The verb that the completion scripts call; not for people, so it isn't in --help. */
export const COMPLETE = '__complete';

const OWN_FLAGS = new Set(['-h', '--help', '-V', '--version']);

/** `help VERB` is `VERB --help`, and `help` alone is `--help`: commander's own would end with the exit code of a failure. */
function withoutHelpVerb(argv: readonly string[]): readonly string[] {
  const [first, verb] = argv;
  if (first !== 'help') return argv;
  return verb === undefined || verb.startsWith('-') ? ['--help'] : [verb, '--help'];
}

async function dispatch(words: readonly string[]): Promise<number> {
  const argv = withoutHelpVerb(words);
  const [first, ...rest] = argv;
  const dropIn = first === undefined ? undefined : DROP_INS.get(first);
  if (dropIn !== undefined) return (await dropIn()).run(rest);
  if (first === COMPLETE) return (await import('./completion/complete.js')).run(rest);
  const { runProgram } = await import('./program.js');
  const named = first !== undefined && (!first.startsWith('-') || OWN_FLAGS.has(first));
  return runProgram(named ? argv : ['overview', ...argv]);
}

/** Runs ipctools with the arguments of its command line. @returns the exit code; one sentence is on stderr if not 0 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(argv);
  } catch (error) {
    // `| head` has what it wanted.
    if (error instanceof ReaderGone) return EXIT.done;
    const failure = error instanceof UsageError ? usageFailure(error.message) : explain(error);
    if (failure === undefined) throw error;
    // It may quote a file or a name that somebody else has made.
    process.stderr.write(`ipctools: ${escapeText(failure.message)}\n`);
    return failure.exitCode;
  }
}
