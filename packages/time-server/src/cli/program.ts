import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readMode } from '@timeq/cli-kit/args/mode';
import { readProjectId } from '@timeq/cli-kit/args/project-id';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { ftok, IpcError } from '@timeq/mq-native';
import { DEFAULT_KEY } from '@timeq/time-protocol';
import { Command, CommanderError, Option } from 'commander';
import type { ReplyStyle } from '../queue/dialect.js';
import type { TimeServerOptions } from '../time-server.js';
import { version } from '../version.js';
import { EXIT_CODES } from './exit-codes.js';
import { parseGroup } from './group.js';
import type { LogFormat } from './log-writer.js';

/** What the command line asks for. */
export interface Invocation {
  readonly server: TimeServerOptions;
  readonly logFormat: LogFormat;
  readonly quiet: boolean;
}

interface Options {
  key?: number;
  path?: string;
  projectId?: number;
  mode: number;
  group?: number;
  reply: ReplyStyle;
  onStop: 'exit' | 'ignore';
  takeover?: true;
  adoptForeign?: true;
  logFormat: LogFormat;
  quiet?: true;
}

const CLIENT_VERBS = ['now', 'watch', 'status', 'stop', 'measure'];

/**
 * Reads the command line. Undefined when it asked for the help or the version only, which is then written.
 * @param args the arguments, without node's and the script's names
 * @throws {UsageError}
 */
export function parseCommandLine(
  args: readonly string[],
  write: (text: string) => void,
): Invocation | undefined {
  const program = makeProgram().configureOutput({ writeOut: write, writeErr: () => undefined });
  try {
    program.parse(args.length === 1 && args[0] === 'help' ? ['--help'] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const [excess] = program.args;
    if (error.code === 'commander.excessArguments' && excess !== undefined)
      throw new UsageError(meant(excess));
    const sentence = error.message
      .replace(/^error: /, '')
      .replaceAll('\n', ' ')
      .replace(/\.$/, '');
    throw new UsageError(sentence);
  }
  return toInvocation(program.opts<Options>());
}

/** What somebody wanted who gave a word that is no option. */
function meant(word: string): string {
  const sentence = `time-server takes options only, not ${JSON.stringify(word)}`;
  if (/^-?(?:0x)?[0-9a-f]+$/i.test(word) && /^\D*\d/.test(word)) {
    return `${sentence}; to serve another key: time-server --key ${word}`;
  }
  if (word === 'start' || word === 'serve' || word === 'run') return `${sentence}; it starts without a word`;
  if (CLIENT_VERBS.includes(word)) return `${sentence}; what clients do is: time-client ${word}`;
  return sentence;
}

function toInvocation(options: Options): Invocation {
  const { mode, group, reply, onStop, takeover, adoptForeign, logFormat, quiet } = options;
  return {
    server: { key: chooseKey(options), mode, gid: group, reply, onStop, takeover, adoptForeign },
    logFormat,
    quiet: quiet ?? false,
  };
}

function chooseKey({ key, path, projectId }: Options): number {
  if (path === undefined && projectId === undefined) return key ?? DEFAULT_KEY;
  if (path === undefined || projectId === undefined) {
    throw new UsageError('--path and --project-id make a key only together');
  }
  try {
    return ftok(path, projectId);
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    throw new UsageError(`no key can be made of --path ${path}: ${error.message}`);
  }
}

function makeProgram(): Command {
  return new Command('time-server')
    .description(
      'Tells the time to whoever asks for it over a System V message queue. Runs in the foreground until it is stopped.',
    )
    .addOption(
      new Option('-k, --key <key>', 'key of the queue, as 128 or 0x80')
        .argParser(readNamingKey)
        .default(undefined, '128'),
    )
    .addOption(new Option('--path <file>', 'make the key of this file, as ftok(3) does').conflicts('key'))
    .addOption(new Option('--project-id <n>', 'and of this number, 1 to 255').argParser(readProjectId))
    .addOption(
      new Option('-m, --mode <mode>', 'permission bits of the queue, in octal')
        .argParser(readMode)
        .default(0o600, '0600'),
    )
    .addOption(
      new Option('-g, --group <group>', 'group of the queue, by name or number').argParser(parseGroup),
    )
    .addOption(
      new Option(
        '--reply <style>',
        'where to answer classic requests: all at type 3, each at the pid in its body or at that plus 3, or where its client turns out to wait',
      )
        .choices(['auto', 'shared', 'pid', 'pid+3'])
        .default('auto'),
    )
    .addOption(
      new Option('--on-stop <action>', 'what a stop message (type 2) does')
        .choices(['exit', 'ignore'])
        .default('exit'),
    )
    .option(
      '--takeover',
      'end the server that holds the key, or serve a queue there that no server has claimed',
    )
    .option('--adopt-foreign', 'serve a queue that another user has made, who can read, change and remove it')
    .addOption(
      new Option('--log-format <format>', 'write lines for a person, or one JSON object per line')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('-q, --quiet', 'print warnings and errors only')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .allowExcessArguments(false)
    .exitOverride()
    .addHelpText('after', afterHelp());
}

/** Help is for terminals of 80 columns; commander wraps only what it writes itself. */
const HELP_WIDTH = 80;

function afterHelp(): string {
  const codes = EXIT_CODES.map(({ code, meaning }) => hanging(`  ${String(code).padEnd(4)} `, meaning));
  return `
Messages:
  type 1       a request for the time, with any body; with
               {"timeq":1,"id":...,"replyTo":TYPE} as its body it is answered at
               that type, which only its client reads
  type 2       stop: answer what is waiting, remove the queue and exit
  type 3       the reply to a request with any other body: 24 bytes, as of C's
               asctime

Signals:
  SIGINT (Ctrl-C), SIGTERM and SIGHUP stop the server in the same way as a stop
  message does. A second Ctrl-C ends it at once. The zone that it tells the time
  in is that of the environment variable TZ.

Exit codes:
${codes.join('\n')}

Examples:
  time-server
      listen on key 128, for clients of this user
  time-server --key 0x54494d45 -m 0660 -g users
      for all clients of a group
  time-server --path /srv/clock --project-id 1
      for clients that find the key with ftok
  time-server --on-stop ignore --log-format json
      as a service, that no client can stop
  TZ=UTC time-server --quiet
      tell the time in UTC; print problems only`;
}

/** A text behind a head, whose further lines stand under its first. */
function hanging(head: string, text: string): string {
  const lines = [head];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    const longer = line.endsWith(' ') ? line + word : `${line} ${word}`;
    if (longer.length <= HELP_WIDTH) lines[lines.length - 1] = longer;
    else lines.push(' '.repeat(head.length) + word);
  }
  return lines.join('\n');
}
