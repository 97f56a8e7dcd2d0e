import { type Help, helpText, versionText } from '../help.js';
import { GoneError } from '@timeq/mq-native';
import { KINDS, type Kind, type KindName } from './kinds.js';
import { codeOf } from '../../../failure.js';
import { type Option, OptionError, readOptions } from '../getopt.js';
import { INT32_MAX, INT32_MIN, integerText, UINT32_MAX, UINT64_MAX } from '../integer-text.js';
import { mayRead } from '../../../processes/credentials.js';
import type { Output } from '../output.js';
import { Failure, runProgram, unparsable } from '../program.js';

const OPTIONS: readonly Option[] = [
  { letter: 'm', name: 'shmem-id', argument: 'required' },
  { letter: 'M', name: 'shmem-key', argument: 'required' },
  { letter: 'q', name: 'queue-id', argument: 'required' },
  { letter: 'Q', name: 'queue-key', argument: 'required' },
  { letter: 's', name: 'semaphore-id', argument: 'required' },
  { letter: 'S', name: 'semaphore-key', argument: 'required' },
  { letter: 'a', name: 'all', argument: 'optional' },
  { letter: 'v', name: 'verbose' },
  { letter: 'V', name: 'version' },
  { letter: 'h', name: 'help' },
];

const HELP: Help = {
  usage: ['[options]', 'shm|msg|sem <id>...'],
  purpose: 'Remove certain IPC resources.',
  sections: [
    {
      heading: 'Options:',
      width: 27,
      lines: [
        ['-m, --shmem-id <id>', 'remove shared memory segment by id'],
        ['-M, --shmem-key <key>', 'remove shared memory segment by key'],
        ['-q, --queue-id <id>', 'remove message queue by id'],
        ['-Q, --queue-key <key>', 'remove message queue by key'],
        ['-s, --semaphore-id <id>', 'remove semaphore by id'],
        ['-S, --semaphore-key <key>', 'remove semaphore by key'],
        ['-a, --all[=shm|msg|sem]', 'remove all (in the specified category)'],
        ['-v, --verbose', 'explain what is being done'],
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

/** One object that the command line names. */
interface Removal {
  readonly kind: Kind;
  readonly named: 'id' | 'key';
  readonly value: number;
  /** As it was written, for messages. */
  readonly text: string;
  /** Whether `-v` came before it. */
  readonly verbose: boolean;
}

/** The parsed command line, checked as far as possible without touching anything. */
interface Plan {
  readonly removals: Removal[];
  /** Kinds of which all objects are removed, after the single removals. */
  all: readonly KindName[];
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

function remove(argv: string[], output: Output): number {
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
  return carriesOut ? carryOut(plan, output) : 0;
}

/** The same complaint, and that nothing was removed. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Failure || error instanceof OptionError)) return error;
  const tryHelp = error instanceof OptionError || error.tryHelp;
  return new Failure(error.message, { tryHelp, addition: REFUSED, cause: error });
}

/** `ipcrm msg 5 6`: the syntax from before there were options. */
function removeOldStyle(kind: Kind, texts: readonly string[], output: Output): number {
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
      plan.removals.push({ kind, named: 'id', value: Number(id), text, verbose: false });
    }
  }
  const exitCode = carryOut(plan, output);
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
        plan.all = argument === undefined ? ALL : [readKindName(argument.replace(/^=/, ''))];
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
  const unknown = allIsBare ? operands.find((operand) => !isKindName(operand)) : operands[0];
  if (unknown !== undefined) throw new Failure(`unknown argument: ${unknown}`, { tryHelp: true });
  // `-a msg`, as the manual has it: only what is named goes.
  if (operands.length > 0) plan.all = ALL.filter((name) => operands.includes(name));
  return true;
}

/** In this order the original removes them. */
const ALL: readonly KindName[] = ['shm', 'sem', 'msg'];

function isKindName(text: string): text is KindName {
  return Object.hasOwn(KINDS, text);
}

function readKindName(text: string): KindName {
  if (!isKindName(text)) throw new Failure(`unknown argument: ${text}`);
  return text;
}

function planRemoval(plan: Plan, letter: string, text: string, output: Output): void {
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
  plan.removals.push({ kind: KINDS[name], named, value, text, verbose: plan.verbose });
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

function carryOut(plan: Plan, output: Output): number {
  let exitCode = plan.passedOver ? 1 : 0;
  for (const { kind, named, value, text, verbose } of plan.removals) {
    const id = named === 'id' ? value : findId(kind, value, text, output);
    if (id === undefined || !removeId(kind, id, named, verbose, output)) exitCode = 1;
  }
  for (const name of plan.all) {
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
