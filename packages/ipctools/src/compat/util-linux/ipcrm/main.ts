import { type Help, helpText, versionText } from '../help.js';
import { GoneError } from '@timeq/mq-native';
import { KINDS, type Kind, type KindName } from './kinds.js';
import type { PosixKindName } from './posix.js';
import { codeOf } from '../../../failure.js';
import { type Option, OptionError, readOptions } from '../getopt.js';
import { INT32_MAX, INT32_MIN, integerText, UINT32_MAX, UINT64_MAX } from '../integer-text.js';
import { mayRead } from '../../../processes/credentials.js';
import type { Output } from '../output.js';
import { Failure, runProgram, unparsable } from '../program.js';

const OPTIONS: readonly Option[] = [
  { letter: 'm', name: 'shmem-id', argument: 'required' },
  { letter: 'M', name: 'shmem-key', argument: 'required' },
  { name: 'posix-shmem', argument: 'required' },
  { letter: 'q', name: 'queue-id', argument: 'required' },
  { letter: 'Q', name: 'queue-key', argument: 'required' },
  { name: 'posix-mqueue', argument: 'required' },
  { letter: 's', name: 'semaphore-id', argument: 'required' },
  { letter: 'S', name: 'semaphore-key', argument: 'required' },
  { name: 'posix-semaphore', argument: 'required' },
  { letter: 'a', name: 'all', argument: 'optional' },
  { letter: 'v', name: 'verbose' },
  { letter: 'V', name: 'version' },
  { letter: 'h', name: 'help' },
];

/** As the original lays its help out. */
const wide = (option: string): string => `${option.padEnd(27)}\t\t\t\t`;

const HELP: Help = {
  usage: ['[options]', 'shm|msg|sem <id>...'],
  purpose: 'Remove certain IPC resources.',
  sections: [
    {
      heading: 'Options:',
      width: 27,
      lines: [
        [wide('-m, --shmem-id <id>'), 'remove shared memory segment by id'],
        [wide('-M, --shmem-key <key>'), 'remove shared memory segment by key'],
        [wide('    --posix-shmem <name>'), 'remove POSIX shared memory segment by name'],
        [wide('-q, --queue-id <id>'), 'remove message queue by id'],
        [wide('-Q, --queue-key <key>'), 'remove message queue by key'],
        [wide('    --posix-mqueue <name>'), 'remove POSIX message queue by name'],
        [wide('-s, --semaphore-id <id>'), 'remove semaphore by id'],
        [wide('-S, --semaphore-key <key>'), 'remove semaphore by key'],
        [wide('    --posix-semaphore <name> '), 'remove POSIX semaphore by name'],
        ['-a, --all[=shm|pshm|msg|pmsg|sem|psem]\t', 'remove all (in the specified category)'],
        [wide('-v, --verbose'), 'explain what is being done'],
      ],
    },
    {
      width: 27,
      lines: [
        ['-h, --help', 'display this help'],
        ['-V, --version', 'display version'],
      ],
    },
  ],
};

const KIND_BY_LETTER: Readonly<Record<string, KindName>> = { m: 'shm', q: 'msg', s: 'sem' };

const POSIX_BY_OPTION: Readonly<Record<string, PosixKindName>> = {
  'posix-shmem': 'pshm',
  'posix-mqueue': 'pmsg',
  'posix-semaphore': 'psem',
};

/** Removes one object that the command line names. Returns whether it is removed. */
type Removal = (output: Output) => boolean | Promise<boolean>;

/** The parsed command line, checked as far as possible without touching anything. */
interface Plan {
  readonly removals: Removal[];
  /** Kinds of which all objects are removed, after the single removals. */
  all: readonly (KindName | PosixKindName)[];
  verbose: boolean;
  /** A word named nothing; the objects of the others are removed all the same, as the original does. */
  passedOver: boolean;
}

/** The addition where the original would have removed something before it failed, or something else. */
const REFUSED = 'nothing was removed';

/** ipcrm(1): removes objects. `argv` is what follows the program's name; resolves with the exit code. */
export function run(argv: string[]): Promise<number> {
  return runProgram('ipcrm', argv, remove);
}

async function remove(argv: string[], output: Output): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined) throw new Failure('bad usage', { tryHelp: true });
  if (isKindName(first)) return removeOldStyle(KINDS[first], rest, output);
  const plan: Plan = { removals: [], all: [], verbose: false, passedOver: false };
  let carriesOut: boolean;
  try {
    carriesOut = readPlan(argv, plan, output);
  } catch (error) {
    throw plan.removals.length > 0 || plan.all.length > 0 ? refusal(error) : error;
  }
  return carriesOut ? await carryOut(plan, output) : 0;
}

/** The same complaint, and that nothing was removed. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Failure || error instanceof OptionError)) return error;
  const { tryHelp, code } = error instanceof OptionError ? { tryHelp: true } : error;
  return new Failure(error.message, { tryHelp, code, addition: REFUSED, cause: error });
}

/** `ipcrm msg 5 6`: the syntax from before there were options. */
async function removeOldStyle(kind: Kind, texts: readonly string[], output: Output): Promise<number> {
  if (texts.length === 0) throw new Failure('not enough arguments', { tryHelp: true });
  const plan: Plan = { removals: [], all: [], verbose: false, passedOver: false };
  for (const text of texts) {
    const id = integerText(text, 10);
    if (id === undefined || id > UINT64_MAX || id < -UINT64_MAX) {
      output.warn(`invalid id: ${text}`);
      plan.passedOver = true;
    } else if (id < INT32_MIN || id > INT32_MAX) {
      // The original cuts it to 32 bits, and removes what has that id.
      throw new Failure(`invalid id: ${text}`, { code: 'ERANGE', addition: REFUSED });
    } else {
      plan.removals.push((to) => removeId(kind, Number(id), 'id', false, to));
    }
  }
  const exitCode = await carryOut(plan, output);
  if (exitCode === 0) output.write('resource(s) deleted\n');
  return exitCode;
}

/** Reads the whole command line. Returns false if it asked for help or the version, which are then printed. */
function readPlan(argv: readonly string[], plan: Plan, output: Output): boolean {
  let allIsBare = false;
  const options = readOptions(argv, OPTIONS);
  let step = options.next();
  for (; step.done !== true; step = options.next()) {
    const { option, argument } = step.value;
    switch (option) {
      case 'a':
        allIsBare = argument === undefined;
        plan.all = argument === undefined ? SYSTEM_V : [readKindName(argument.replace(/^=/, ''))];
        break;
      case 'v':
        plan.verbose = true;
        break;
      case 'h':
        output.write(helpText(output.program, HELP));
        return false;
      case 'V':
        output.write(versionText(output.program));
        return false;
      default:
        planRemoval(plan, option, argument ?? '', output);
    }
  }
  const operands = step.value;
  const unknown = allIsBare ? operands.find((operand) => !isAnyKind(operand)) : operands[0];
  if (unknown !== undefined) throw new Failure(`unknown argument: ${unknown}`, { tryHelp: true });
  // `-a msg`, as the manual has it: only what is named goes.
  if (operands.length > 0) plan.all = ALL.filter((name) => operands.includes(name));
  return true;
}

/** In this order the original removes them. */
const ALL: readonly (KindName | PosixKindName)[] = ['shm', 'pshm', 'sem', 'psem', 'msg', 'pmsg'];

/** The original removes POSIX objects as well: those of all programs of this machine, whatever their IPC namespace. */
const SYSTEM_V = ALL.filter(isKindName);

function isKindName(text: string): text is KindName {
  return Object.hasOwn(KINDS, text);
}

function isAnyKind(text: string): text is KindName | PosixKindName {
  return (ALL as readonly string[]).includes(text);
}

function readKindName(text: string): KindName | PosixKindName {
  if (!isAnyKind(text)) throw new Failure(`unknown argument: ${text}`);
  return text;
}

function planRemoval(plan: Plan, letter: string, text: string, output: Output): void {
  const { verbose } = plan;
  const posix = POSIX_BY_OPTION[letter];
  if (posix !== undefined) {
    // mq_unlink(3)
    if (posix === 'pmsg' && !text.startsWith('/')) throw new Failure('name failed', { code: 'EINVAL' });
    plan.removals.push(async (to) => (await import('./posix.js')).removeName(posix, text, verbose, to));
    return;
  }
  const name = KIND_BY_LETTER[letter.toLowerCase()];
  if (name === undefined) throw new TypeError(`no kind of object has the option -${letter}`);
  const named = letter === letter.toLowerCase() ? 'id' : 'key';
  const value = named === 'id' ? readId(text) : readKey(text);
  if (named === 'key' && value === 0) {
    // IPC_PRIVATE: any number of objects have it.
    output.warn(`illegal key (${text})`);
    plan.passedOver = true;
    return;
  }
  const kind = KINDS[name];
  plan.removals.push((to) => {
    const id = named === 'id' ? value : findId(kind, value, text, to);
    return id !== undefined && removeId(kind, id, named, verbose, to);
  });
}

function readId(text: string): number {
  const id = integerText(text, 10);
  if (id === undefined) throw unparsable('failed to parse argument', text);
  if (id < INT32_MIN || id > INT32_MAX) throw unparsable('failed to parse argument', text, 'ERANGE');
  return Number(id);
}

function readKey(text: string): number {
  const key = integerText(text, 0);
  if (key === undefined) throw unparsable('failed to parse argument', text);
  if (key < INT32_MIN || key > UINT32_MAX) throw unparsable('failed to parse argument', text, 'ERANGE');
  return Number(BigInt.asUintN(32, key));
}

async function carryOut(plan: Plan, output: Output): Promise<number> {
  let exitCode = plan.passedOver ? 1 : 0;
  for (const removal of plan.removals) {
    if (!(await removal(output))) exitCode = 1;
  }
  for (const name of plan.all) {
    if (!isKindName(name)) {
      const { removeAllNamed } = await import('./posix.js');
      if (!removeAllNamed(name, plan.verbose, output)) exitCode = 1;
      continue;
    }
    const kind = KINDS[name];
    for (const id of listReadable(kind)) {
      if (!removeId(kind, id, 'id', plan.verbose, output)) exitCode = 1;
    }
  }
  return exitCode;
}

/** The original's words for an error after which it goes on. */
const WHY_NOT: Readonly<Record<string, string>> = {
  EACCES: 'permission denied for',
  EPERM: 'permission denied for',
  EINVAL: 'invalid',
  EIDRM: 'already removed',
};

function findId(kind: Kind, key: number, text: string, output: Output): number | undefined {
  try {
    return kind.idOfKey(key);
  } catch (error) {
    const code = codeOf(error);
    const why = code === 'ENOENT' ? 'invalid' : code === 'EINVAL' ? undefined : WHY_NOT[code ?? ''];
    if (why === undefined) throw failed('key', error);
    output.warn(`${why} key (${text})`);
    return undefined;
  }
}

/** Returns whether it was removed. Reports a removal after it happened, not before. */
function removeId(kind: Kind, id: number, named: 'id' | 'key', verbose: boolean, output: Output): boolean {
  const failure = tryRemove(kind, id, named);
  if (failure !== undefined) {
    output.warn(`${failure} ${named} (${id})`);
    return false;
  }
  if (verbose) output.write(`removing ${kind.description} id \`${id}'\n`);
  return true;
}

/** Returns why it could not be removed, or undefined if it was. */
function tryRemove(kind: Kind, id: number, named: 'id' | 'key'): string | undefined {
  // No object has a negative id; the kernel says the same.
  if (id < 0) return WHY_NOT['EINVAL'];
  try {
    kind.remove(id);
    return undefined;
  } catch (error) {
    // Calls that were not waiting get EINVAL for a removed object.
    const code = error instanceof GoneError ? 'EINVAL' : codeOf(error);
    const why = WHY_NOT[code ?? ''];
    if (why === undefined) throw failed(named, error);
    return why;
  }
}

/**
 * The objects that `-a` removes. The original silently skips those that this user may not read, so it does not fail on
 * a machine with other users' objects.
 */
function listReadable(kind: Kind): number[] {
  try {
    const ids: number[] = [];
    for (const entry of kind.list()) if (mayRead(entry)) ids.push(entry.id);
    return ids;
  } catch (error) {
    if (codeOf(error) !== 'ENOSYS') throw error;
    throw new Failure(`kernel not configured for ${kind.facility}`, { cause: error });
  }
}

function failed(named: 'id' | 'key', error: unknown): unknown {
  const code = codeOf(error);
  return code === undefined ? error : new Failure(`${named} failed`, { code, cause: error });
}
