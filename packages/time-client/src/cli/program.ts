import { Command, CommanderError } from 'commander';
import { programHelp, verbHelp } from './help.js';
import { OPTIONS } from './options/table.js';
import type { OptionName } from './options/table.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { RawOptions } from './options/read-options.js';
import { DEFAULT_SETTINGS } from './settings.js';
import type { Settings } from './settings.js';
import { version } from '../version.js';
import { PROGRAM_OPTIONS, VERBS } from './verbs.js';
import type { Run, Verb } from './verb.js';

/** What the command line turned out to be, before its options are read. */
type Choice = { readonly verb: Verb | undefined; readonly raw: RawOptions } | { readonly unknown: string };

export interface CommandToRun {
  readonly settings: Settings;
  readonly load: () => Promise<Run>;
}

/**
 * Reads a command line.
 *
 * @returns undefined when all it wanted was help or the version, which have been printed
 * @throws UsageError
 */
export async function readCommandLine(commandLine: readonly string[]): Promise<CommandToRun | undefined> {
  let chosen: Choice | undefined;
  const named = VERBS.find(({ name }) => name === commandLine[0]);
  const program = declare(named === undefined ? VERBS : [named], (choice) => {
    chosen = choice;
  });
  try {
    program.parse(commandLine, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error);
  }
  if (chosen === undefined) return undefined;
  if ('unknown' in chosen) throw await unknownVerb(chosen.unknown);
  const { verb, raw } = chosen;
  const settings = await readSettings(raw);
  return { settings, load: verb?.load ?? verbless(settings) };
}

async function readSettings(raw: RawOptions): Promise<Settings> {
  if (Object.keys(raw).length === 0) return DEFAULT_SETTINGS;
  const { readOptions } = await import('./options/read-options.js');
  return await readOptions(raw);
}

/** Without a verb: the prompt on a terminal, else `now`. */
function verbless({ json }: Settings): () => Promise<Run> {
  if (process.stdin.isTTY && process.stdout.isTTY && !json) {
    return async () => (await import('./commands/prompt.js')).prompt;
  }
  return async () => (await import('./commands/now.js')).now;
}

/** @param verbs all, unless it is known which one is wanted: to tell commander of each takes time */
function declare(verbs: readonly Verb[], choose: (choice: Choice) => void): Command {
  const program = new Command('time-client')
    .description('Asks a time server for the time over a System V message queue.')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .commandsGroup('Verbs:')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .argument('[verb]')
    .allowExcessArguments()
    .usage('[options] [verb]')
    .addHelpText('after', programHelp());
  addOptions(program, PROGRAM_OPTIONS);
  program.action((word: string | undefined) => {
    choose(word === undefined ? { verb: undefined, raw: program.opts() } : { unknown: word });
  });
  for (const verb of verbs) {
    const command = program
      .command(verb.name)
      .summary(verb.summary)
      .description(`${capitalized(verb.summary)}.`)
      .addHelpText('after', verbHelp(verb));
    addOptions(command, verb.options, verb.optionHelp);
    command.allowExcessArguments().action(() => {
      const [excess] = command.args;
      if (excess !== undefined)
        throw new UsageError(`${verb.name} takes options only, not ${JSON.stringify(excess)}`);
      choose({ verb, raw: merge(verb, program.opts(), command.opts()) });
    });
  }
  addHelpVerb(program, choose);
  return program;
}

function addOptions(command: Command, names: readonly OptionName[], help: Verb['optionHelp'] = {}): void {
  for (const name of names) command.option(OPTIONS[name].flags, help[name] ?? OPTIONS[name].help);
}

/** Commander's own prints the whole help for a verb that there is not. */
function addHelpVerb(program: Command, choose: (choice: Choice) => void): void {
  program
    .command('help')
    .summary('print this help, or that of a verb')
    .argument('[verb]')
    .action((word: string | undefined) => {
      const command =
        word === undefined ? program : program.commands.find((candidate) => candidate.name() === word);
      if (command === undefined) choose({ unknown: word ?? '' });
      else command.outputHelp();
    });
}

/** Options may stand before the verb as well, if the verb has them. */
function merge(verb: Verb, before: RawOptions, after: RawOptions): RawOptions {
  const known: readonly string[] = verb.options;
  for (const name of Object.keys(before)) {
    if (!known.includes(name)) throw new UsageError(`${flag(name)} means nothing to ${verb.name}`);
  }
  return { ...before, ...after };
}

function flag(name: string): string {
  const option = Object.entries(OPTIONS).find(([key]) => key === name)?.[1];
  return /--[a-z-]+/.exec(option?.flags ?? '')?.[0] ?? name;
}

async function unknownVerb(word: string): Promise<UsageError> {
  const { nearest } = await import('@timeq/cli-kit/args/nearest');
  const verbs = VERBS.map(({ name }) => name);
  const meant = nearest(word, verbs);
  const hint = meant === undefined ? `: the verbs are ${verbs.join(', ')}` : ` (did you mean ${meant}?)`;
  return new UsageError(`there is no verb ${JSON.stringify(word)}${hint}`);
}

/** Commander's message in one sentence: "error: unknown option '--jsno'\n(Did you mean --json?)". */
function usageError({ message }: CommanderError): UsageError {
  return new UsageError(
    message
      .replace(/^error: /, '')
      .replace(/\n\(Did/, ' (did')
      .replaceAll('\n', ' '),
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
