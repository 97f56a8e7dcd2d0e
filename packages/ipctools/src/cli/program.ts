import { Command, CommanderError, Option } from 'commander';
import { DROP_INS } from '../compat/util-linux/programs.js';
import { EXIT, EXIT_MEANINGS, type ExitCode } from '../exit-code.js';
import { usageFailure } from '../failure.js';
import type { Verb } from './verb.js';
import { VERBS } from './verbs.js';
import { version } from '../version.js';

function gather(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function addVerb(program: Command, verb: Verb, done: (exitCode: ExitCode) => void): void {
  const description = `${verb.summary.charAt(0).toUpperCase()}${verb.summary.slice(1)}.`;
  const command = program.command(verb.name).summary(verb.summary).description(description);
  if (verb.alias !== undefined) command.alias(verb.alias);
  for (const { syntax, help } of verb.arguments) command.argument(syntax, help);
  for (const { flags, help, repeats } of verb.options) {
    const option = new Option(flags, help);
    command.addOption(repeats === true ? option.argParser(gather) : option);
  }
  command.action(async () => {
    const loaded = await verb.load();
    // The options have the names and the types that the verb's own row gives them.
    done(await loaded.run(command.args, command.opts<never>()));
  });
}

function programHelp(): string {
  return [
    '',
    'Help of a verb: ipctools help VERB.',
    'A queue is written as its key, 0x80 (always hexadecimal), or its id, 5',
    '(decimal).',
    `With util-linux's options and output: ipctools ${[...DROP_INS.keys()].join(', ')}.`,
    '',
    'Exit codes:',
    ...EXIT_MEANINGS.map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join('\n');
}

/** The verb of that name, or with that alias. */
function findVerb(word: string | undefined): Verb | undefined {
  return word === undefined ? undefined : VERBS.find(({ name, alias }) => name === word || alias === word);
}

/** @param verbs all, unless it is known which one is wanted: to tell commander of twenty takes milliseconds */
export function buildProgram(verbs: readonly Verb[], done: (exitCode: ExitCode) => void): Command {
  const program = new Command('ipctools')
    .description('See, peek into, use and remove System V message queues, segments and semaphore sets.')
    .version(version(), '-V, --version')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText('after', programHelp());
  for (const verb of verbs) addVerb(program, verb, done);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  return program;
}

/** The verb whose help is asked for, if it has more to say than commander knows. */
function epilogueOf(argv: readonly string[]): Verb['epilogue'] {
  return argv.includes('--help') || argv.includes('-h') ? findVerb(argv[0])?.epilogue : undefined;
}

/** Parses the command line and runs its verb. @throws Failure on wrong usage, and what the verb throws */
export async function runProgram(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const wanted = findVerb(argv[0]);
  const program = buildProgram(wanted === undefined ? VERBS : [wanted], (code) => {
    exitCode = code;
  });
  const epilogue = await epilogueOf(argv)?.();
  if (epilogue !== undefined)
    for (const command of program.commands) command.addHelpText('after', `\n${epilogue}`);
  try {
    // A verb that there is not has no help either.
    const unknown = wanted === undefined && argv[0]?.startsWith('-') === false;
    await program.parseAsync(unknown ? argv.slice(0, 1) : argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageFailure(usageSentence(error, argv));
  }
  return exitCode;
}

/** Commander's complaint as one line, with the help to look at. */
function usageSentence({ message }: CommanderError, argv: readonly string[]): string {
  const complaint = message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  const verb = findVerb(argv[0]);
  return `${complaint}; see \`ipctools ${verb === undefined ? '' : `${verb.name} `}--help\``;
}
