import { type Help, helpText, versionText } from '../help.js';
import { KINDS, type KindName } from '../../../model/kind-names.js';
import type { Show } from './table.js';
import type { Unit } from './sizes.js';
import { type Option, readOptions } from '../getopt.js';
import { INT32_MAX, INT32_MIN, integerText } from '../integer-text.js';
import type { Output } from '../output.js';
import { Failure, runProgram, unparsable } from '../program.js';

/** In the order in which an ambiguous abbreviation lists them. */
const OPTIONS: readonly Option[] = [
  { letter: 'i', name: 'id', argument: 'required' },
  { letter: 'q', name: 'queues' },
  { letter: 'm', name: 'shmems' },
  { letter: 's', name: 'semaphores' },
  { letter: 'a', name: 'all' },
  { letter: 't', name: 'time' },
  { letter: 'p', name: 'pid' },
  { letter: 'c', name: 'creator' },
  { letter: 'l', name: 'limits' },
  { letter: 'u', name: 'summary' },
  { name: 'human' },
  { letter: 'b', name: 'bytes' },
  { letter: 'V', name: 'version' },
  { letter: 'h', name: 'help' },
  { name: 'wide', wholeNameOnly: true },
  { name: 'posix', wholeNameOnly: true },
];

/** What `--posix` adds: `-o` has no meaning in util-linux. */
const OUTSTANDING: Option = { letter: 'o', name: 'outstanding', wholeNameOnly: true };

const HELP: Help = {
  usage: ['[resource-option...] [output-option]', '-m|-q|-s -i <id>'],
  purpose: 'Show information on IPC facilities.',
  sections: [
    {
      heading: 'Options:',
      width: 15,
      lines: [
        ['-i, --id <id>', 'print details on resource identified by <id>'],
        ['-h, --help', 'display this help'],
        ['-V, --version', 'display version'],
      ],
    },
    {
      heading: 'Resource options:',
      width: 18,
      lines: [
        ['-m, --shmems', 'shared memory segments'],
        ['-q, --queues', 'message queues'],
        ['-s, --semaphores', 'semaphores'],
        ['-a, --all', 'all (default)'],
      ],
    },
    {
      heading: 'Output options:',
      width: 18,
      lines: [
        ['-t, --time', 'show attach, detach and change times'],
        ['-p, --pid', 'show PIDs of creator and last operator'],
        ['-c, --creator', 'show creator and owner'],
        ['-l, --limits', 'show resource limits'],
        ['-u, --summary', 'show status summary'],
        ['    --human', 'show sizes in human-readable format'],
        ['-b, --bytes', 'show sizes in bytes'],
      ],
    },
  ],
};

const KIND_BY_LETTER: Readonly<Record<string, KindName>> = { q: 'queues', m: 'segments', s: 'semaphores' };

/** The output for each kind, by the option that asks for it; the last one given decides. */
type Format = 'list' | 'times' | 'pids' | 'creators' | 'limits' | 'summary';

const FORMAT_BY_LETTER: Readonly<Record<string, Format>> = {
  t: 'times',
  p: 'pids',
  c: 'creators',
  l: 'limits',
  u: 'summary',
};

// Loaded only when asked for: starting takes longer than most of the work.
const SHOW: Readonly<Record<Format, () => Promise<Show>>> = {
  list: async () => (await import('./list.js')).showList,
  times: async () => (await import('./times.js')).showTimes,
  pids: async () => (await import('./pids.js')).showPids,
  creators: async () => (await import('./creators.js')).showCreators,
  limits: async () => (await import('./limits.js')).showLimits,
  summary: async () => (await import('./summary.js')).showSummary,
};

interface Request {
  readonly kinds: Set<KindName>;
  /** Letters of the options given, and the names of those that have none. */
  readonly given: Set<string>;
  format: Format;
  unit: Unit;
  id: number | undefined;
  wide: boolean;
}

/**
 * ipcs(1): shows the objects of this IPC namespace. `argv` is what follows the program's name; resolves with the exit
 * code.
 */
export function run(argv: string[]): Promise<number> {
  return runProgram('ipcs', argv, show);
}

async function show(argv: string[], output: Output): Promise<number> {
  // Beside --posix, which may come after it, -o is an option; otherwise it is a mistake like any other.
  const mayBePosix = argv.includes('--posix');
  const request: Request = {
    kinds: new Set(),
    given: new Set(),
    format: 'list',
    unit: 'default',
    id: undefined,
    wide: false,
  };
  for (const { option, argument } of readOptions(argv, mayBePosix ? [...OPTIONS, OUTSTANDING] : OPTIONS)) {
    if (option === 'h') {
      output.write(helpText(output.program, HELP));
      return 0;
    }
    if (option === 'V') {
      output.write(versionText(output.program));
      return 0;
    }
    apply(request, option, argument ?? '');
  }
  const kinds = KINDS.filter((kind) => request.kinds.has(kind));
  if (request.given.has('posix')) return showPosix(kinds, request, output);
  if (request.id !== undefined) {
    const [kind, ...others] = request.given.has('a') ? KINDS : kinds;
    if (kind === undefined || others.length > 0) {
      throw new Failure('when using an ID, a single resource must be specified');
    }
    const { showDetails } = await import('./details.js');
    return showDetails(kind, request.id, request.unit, output);
  }
  const shown = request.given.has('a') || kinds.length === 0 ? KINDS : kinds;
  const showKind = await SHOW[request.format]();
  output.write('\n');
  for (const kind of shown) {
    showKind(kind, request, output);
    output.write('\n');
  }
  return 0;
}

function apply(request: Request, option: string, argument: string): void {
  request.given.add(option);
  const kind = KIND_BY_LETTER[option];
  if (kind !== undefined) request.kinds.add(kind);
  const format = FORMAT_BY_LETTER[option];
  if (format !== undefined) request.format = format;
  else if (option === 'human') request.unit = 'human';
  else if (option === 'b') request.unit = 'bytes';
  else if (option === 'wide') request.wide = true;
  else if (option === 'i') request.id = readId(argument);
}

function readId(text: string): number {
  const id = integerText(text, 10);
  if (id === undefined) throw unparsable('failed to parse id argument', text);
  if (id < INT32_MIN || id > INT32_MAX) throw unparsable('failed to parse id argument', text, 'ERANGE');
  return Number(id);
}

/** In POSIX `-a` is about columns, not about kinds: all that `-b -c -o -p -t` add. */
async function showPosix(
  kinds: readonly KindName[],
  { given, unit }: Request,
  output: Output,
): Promise<number> {
  if (given.has('i') || given.has('l') || given.has('u') || unit === 'human') {
    throw new Failure('--posix goes with -q, -m, -s, -a, -b, -c, -o, -p and -t only', { tryHelp: true });
  }
  const { showPosixReports } = await import('./posix.js');
  const sets = given.has('a') ? 'bcopt' : [...given].filter((letter) => letter.length === 1).join('');
  showPosixReports(kinds.length === 0 ? KINDS : kinds, sets, output);
  return 0;
}
