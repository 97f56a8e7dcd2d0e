import { isatty } from 'node:tty';
import { EXIT, ExitError } from '../exit/exit-codes.js';
import { note } from '../output/notes.js';
import { Output, OutputFailure, ReaderGone } from '../output/output.js';
import { bareCall } from './bare-call.js';
import { findVerb } from './find-verb.js';
import type { Program, Verb } from './verb.js';

/** The verb that the completion scripts call; not for people, so it isn't in --help. */
const COMPLETE = '__complete';

/** Runs a program with the words of its command line. @returns the exit code; if it is not 0, one sentence is on stderr */
export async function runProgram(program: Program, argv: readonly string[]): Promise<number> {
  let help = `${program.name} --help`;
  let failing: Verb['failing'];
  try {
    const [first = '', ...rest] = withoutHelpVerb(argv);
    const other = program.others?.get(first);
    if (other !== undefined) return await (await other.load()).run(rest);
    if (first === COMPLETE) return await (await import('./completion/complete.js')).complete(program, rest);
    const found = findVerb(program, first === '' ? rest : [first, ...rest]);
    failing = found.verb.failing;
    if (found.named) help = `${program.name} ${found.verb.name} --help`;
    const call = bareCall(found) ?? (await (await import('./parse.js')).parse(program, found));
    if (typeof call === 'string') {
      if (isatty(1)) await (await import('../output/pager.js')).writePaged(call);
      else await new Output().deliver(call);
      return EXIT.done;
    }
    const command = await found.verb.load();
    // The verb's own rows define the names and types of the options.
    return await command.run(call.words, call.options as never);
  } catch (error) {
    // `| head` has read enough.
    if (error instanceof ReaderGone) return EXIT.done;
    const { message, exitCode } = explained(program, error, help);
    if (failing === undefined) {
      note(`${program.name}: ${message}`);
      return exitCode;
    }
    const { line, exitCode: own } = failing(message);
    process.stdout.write(`${line}\n`);
    return own;
  }
}

/** `help VERB` is `VERB --help`; `help` alone and `help help` are `--help`. */
function withoutHelpVerb(argv: readonly string[]): readonly string[] {
  const [first, verb] = argv;
  if (first !== 'help') return argv;
  return verb === undefined || verb === 'help' || verb.startsWith('-') ? ['--help'] : [verb, '--help'];
}

function explained(
  program: Program,
  error: unknown,
  help: string,
): { readonly message: string; readonly exitCode: number } {
  if (error instanceof OutputFailure) return { message: error.message, exitCode: EXIT.failed };
  const failure = error instanceof ExitError ? error : program.explain(error);
  if (failure === undefined) throw error;
  // Some sentences name their own command to run next.
  const hint = failure.exitCode === EXIT.usage && !failure.message.includes('`') ? `; see \`${help}\`` : '';
  return { message: failure.message + hint, exitCode: failure.exitCode };
}
