import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../args/usage-error.js';
import type { FoundVerb } from './find-verb.js';
import type { Program, Verb } from './verb.js';

/** A parsed command line: the operands, and the options under commander's names. */
export interface Call {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Parses a command line. @returns a text if only that was asked for: the help or the version */
export async function parse(program: Program, { verb, named, words }: FoundVerb): Promise<Call | string> {
  let text = '';
  const command = (named ? declareVerb(program, verb) : declareProgram(program))
    .helpOption('-h, --help', 'print this help')
    .allowExcessArguments((verb.arguments ?? []).length === 0)
    .exitOverride()
    .configureHelp({ optionDescription })
    .configureOutput({ writeOut: (part) => (text += part), outputError: () => {} })
    .action(() => {});
  addOptions(command, verb);
  if (words.some((word) => word === '--help' || word === '-h')) {
    const { detailsOf, programDetails } = await import('./help.js');
    if (!named) addVerbs(command, program);
    command.addHelpText('after', named ? await detailsOf(verb) : programDetails(program));
  }
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return text;
    throw new UsageError(sentenceOf(error));
  }
  const empty = emptyOption(command, verb);
  if (empty !== undefined) throw new UsageError(`${empty.long ?? ''} is empty; write ${empty.flags}`);
  const [excess] = (verb.arguments ?? []).length === 0 ? command.args : [];
  if (excess !== undefined) throw new UsageError(`${verb.name} takes options only, not '${excess}'`);
  return { words: command.args, options: command.opts() };
}

function declareVerb(program: Program, verb: Verb): Command {
  const command = new Command(`${program.name} ${verb.name}`);
  command.description(`${verb.summary.charAt(0).toUpperCase()}${verb.summary.slice(1)}.`);
  if (verb.alias !== undefined) command.alias(verb.alias);
  for (const { syntax, help } of verb.arguments ?? []) command.argument(syntax, help);
  return command;
}

function declareProgram({ name, description, version }: Program): Command {
  return new Command(name)
    .description(description)
    .version(version(), '-V, --version', 'print the version')
    .usage('[options] [verb]');
}

function addOptions(command: Command, verb: Verb): void {
  for (const { flags, help, choices, otherwise, implies, repeats } of verb.options) {
    const option = new Option(flags, help).default(undefined, otherwise);
    if (choices !== undefined) option.choices(choices);
    if (implies !== undefined) option.implies(implies);
    if (repeats === true) option.argParser(gather);
    command.addOption(option);
  }
}

/** A variable of a shell that is not set: `--install "$FOLDER"` would mean this folder, and `--exec ''` drop messages. */
function emptyOption(command: Command, verb: Verb): Option | undefined {
  const mayBeEmpty = verb.options.filter((row) => row.mayBeEmpty === true).map(({ flags }) => flags);
  return command.options.find(
    (option) =>
      !mayBeEmpty.includes(option.flags) &&
      [command.getOptionValue(option.attributeName())].flat().includes(''),
  );
}

/** Commander tells a default only where it sets it. */
function optionDescription({ description, argChoices, defaultValueDescription }: Option): string {
  const facts = [
    ...(argChoices === undefined ? [] : [`choices: ${argChoices.join(', ')}`]),
    ...(defaultValueDescription === undefined ? [] : [`default: ${defaultValueDescription}`]),
  ];
  return facts.length === 0 ? description : `${description} (${facts.join('; ')})`;
}

function gather(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** For the program's help only: nothing is parsed with them. */
function addVerbs(command: Command, { verbs }: Program): void {
  command.helpCommand(false).commandsGroup('Verbs:');
  for (const verb of [...verbs, HELP]) {
    const row = command.command(verb.name).summary(verb.summary);
    if (verb.alias !== undefined) row.alias(verb.alias);
    for (const { syntax } of verb.arguments ?? []) row.argument(syntax);
  }
}

const HELP: Omit<Verb, 'load'> = {
  name: 'help',
  summary: 'print this help, or the help of a verb',
  arguments: [{ syntax: '[verb]', help: '' }],
  options: [],
};

/** Commander's complaint in one line: "error: unknown option '--jsno'\n(Did you mean --json?)". */
function sentenceOf({ message }: CommanderError): string {
  return message
    .replace(/^error: /, '')
    .replace(/\n\(Did/, ' (did')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
