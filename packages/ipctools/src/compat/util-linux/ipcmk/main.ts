import { MessageQueue, SemaphoreSet, SharedMemory, type Key } from '@timeq/mq-native';
import { pageSize } from '@timeq/mq-native/libc';
import { type Help, helpText, versionText } from '../help.js';
import { codeOf } from '../../../failure.js';
import { type Option, readOptions } from '../getopt.js';
import { INT32_MAX, INT32_MIN, integerText, UINT32_MAX } from '../integer-text.js';
import type { Output } from '../output.js';
import { Failure, runProgram, unparsable } from '../program.js';
import type * as Posix from './posix.js';
import { readSize } from './size-argument.js';

const OPTIONS: readonly Option[] = [
  { letter: 'M', name: 'shmem', argument: 'required' },
  { letter: 'm', name: 'posix-shmem', argument: 'required' },
  { letter: 'S', name: 'semaphore', argument: 'required' },
  { letter: 's', name: 'posix-semaphore' },
  { letter: 'Q', name: 'queue' },
  { letter: 'q', name: 'posix-mqueue' },
  { letter: 'p', name: 'mode', argument: 'required' },
  { letter: 'n', name: 'name', argument: 'required' },
  { letter: 'V', name: 'version' },
  { letter: 'h', name: 'help' },
];

const HELP: Help = {
  usage: ['[options]'],
  purpose: 'Create various IPC resources.',
  sections: [
    {
      heading: 'Options:',
      width: 25,
      lines: [
        ['-M, --shmem <size>', 'create shared memory segment of size <size>'],
        ['-m, --posix-shmem <size>', 'create POSIX shared memory segment of size <size>'],
        ['-S, --semaphore <number>', 'create semaphore array with <number> elements'],
        ['-s, --posix-semaphore', 'create POSIX semaphore'],
        ['-Q, --queue', 'create message queue'],
        ['-q, --posix-mqueue', 'create POSIX message queue'],
        ['-p, --mode <mode>', 'permission for the resource (default is 0644)'],
        ['-n, --name <name>', 'name of the POSIX resource'],
      ],
    },
    {
      width: 25,
      lines: [
        ['-h, --help', 'display this help'],
        ['-V, --version', 'display version'],
      ],
    },
  ],
  remarks: [
    'Arguments:',
    ' Values for <size> may be followed by a suffix: KiB, MiB,',
    ' GiB, TiB, PiB, EiB, ZiB, or YiB (where the "iB" is optional).',
    '',
    ' -n, --name <name> option is required for POSIX IPC',
    '',
  ],
};

/** The mode of what is created without `-p`. */
const DEFAULT_MODE = 0o644;

/** The bits of a mode that the kernel keeps. */
const PERMISSIONS = 0o777n;

const NO_SEGMENT = 'create share memory failed';

/** A segment is a file of tmpfs, whose size is signed. */
const LARGEST_FILE = 2n ** 63n - 1n;

/** The requested objects. Only the kernel knows how much is too much. */
interface Request {
  mode: number;
  segmentBytes?: bigint;
  semaphores?: number;
  queue: boolean;
  /** Of POSIX shared memory. */
  posixBytes?: bigint;
  posixSemaphore: boolean;
  posixQueue: boolean;
  /** Of all POSIX objects. */
  name?: string;
}

/** ipcmk(1): makes objects at random keys, and POSIX objects. `argv` is what follows the program's name; resolves with the exit code. */
export function run(argv: string[]): Promise<number> {
  return runProgram('ipcmk', argv, make);
}

async function make(argv: string[], output: Output): Promise<number> {
  const request: Request = { mode: DEFAULT_MODE, queue: false, posixSemaphore: false, posixQueue: false };
  for (const { option, argument = '' } of readOptions(argv, OPTIONS)) {
    switch (option) {
      case 'M':
        request.segmentBytes = readSegmentBytes(argument);
        break;
      case 'm':
        request.posixBytes = readSegmentBytes(argument);
        break;
      case 's':
        request.posixSemaphore = true;
        break;
      case 'q':
        request.posixQueue = true;
        break;
      case 'n':
        request.name = argument;
        break;
      case 'S':
        request.semaphores = readSemaphores(argument);
        break;
      case 'Q':
        request.queue = true;
        break;
      case 'p':
        request.mode = readMode(argument);
        break;
      case 'h':
        output.write(helpText(output.program, HELP));
        return 0;
      default:
        output.write(versionText(output.program));
        return 0;
    }
  }
  const { mode, segmentBytes, semaphores, queue, posixBytes, posixSemaphore, posixQueue, name } = request;
  const asksForPosix = posixBytes !== undefined || posixSemaphore || posixQueue;
  if (segmentBytes === undefined && semaphores === undefined && !queue && !asksForPosix) {
    throw new Failure('bad usage', { tryHelp: true });
  }
  if (asksForPosix && name === undefined) {
    throw new Failure('name is required for POSIX IPC', { tryHelp: true });
  }
  const createPosix = async (
    wanted: boolean,
    what: string,
    create: (posix: typeof Posix, name: string) => void,
  ): Promise<void> => {
    if (!wanted || name === undefined) return;
    const posix = await import('./posix.js');
    try {
      create(posix, name);
    } catch (error) {
      throw failed(`create POSIX ${what} failed`, error);
    }
    output.write(`POSIX ${what} name: ${name}\n`);
  };
  if (segmentBytes !== undefined) {
    const id = createAtFreeKey(NO_SEGMENT, (key) => createSegment(key, segmentBytes, mode));
    output.write(`Shared memory id: ${id}\n`);
  }
  await createPosix(posixBytes !== undefined, 'shared memory', (posix, its) => {
    posix.createMemory(its, posixBytes ?? 0n, mode);
  });
  if (queue) {
    const id = createAtFreeKey('create message queue failed', (key) => MessageQueue.create(key, { mode }));
    output.write(`Message queue id: ${id}\n`);
  }
  await createPosix(posixQueue, 'message queue', (posix, its) => {
    posix.createQueue(its, mode);
  });
  if (semaphores !== undefined) {
    const id = createAtFreeKey('create semaphore failed', (key) =>
      SemaphoreSet.create(key, { count: semaphores, mode }),
    );
    output.write(`Semaphore id: ${id}\n`);
  }
  await createPosix(posixSemaphore, 'semaphore', (posix, its) => {
    posix.createSemaphore(its, mode);
  });
  return 0;
}

function readSegmentBytes(text: string): bigint {
  const size = readSize(text);
  if (typeof size === 'string') throw unparsable('failed to parse size', text, size);
  return size;
}

function readSemaphores(text: string): number {
  const count = integerText(text, 10);
  if (count === undefined) throw unparsable('failed to parse elements', text);
  if (count < INT32_MIN || count > INT32_MAX) throw unparsable('failed to parse elements', text, 'ERANGE');
  return Number(count);
}

function readMode(text: string): number {
  const mode = integerText(text, 8);
  // The original prints errno here although nothing set it.
  if (mode === undefined) throw new Failure('failed to parse mode: Success');
  if (mode < 0n || mode > UINT32_MAX) throw new Failure('failed to parse mode', { code: 'ERANGE' });
  return Number(mode & PERMISSIONS);
}

/** Tries random keys until one is free, so that an existing object is never returned as new. */
function createAtFreeKey(failure: string, create: (key: Key) => { readonly id: number }): number {
  for (;;) {
    const key = Math.floor(Math.random() * 2 ** 32);
    // Key 0 is IPC_PRIVATE: no program could open what it creates.
    if (key === 0) continue;
    try {
      return create(key).id;
    } catch (error) {
      // The binding refuses by itself what no kernel takes: no bytes, no semaphores or too many.
      if (error instanceof RangeError) throw new Failure(failure, { code: 'EINVAL', cause: error });
      if (codeOf(error) !== 'EEXIST') throw failed(failure, error);
    }
  }
}

function failed(failure: string, error: unknown): unknown {
  const code = codeOf(error);
  return code === undefined ? error : new Failure(failure, { code, cause: error });
}

function createSegment(key: Key, bytes: bigint, mode: number): SharedMemory {
  if (bytes > Number.MAX_SAFE_INTEGER) throw new Failure(NO_SEGMENT, { code: whyTooLarge(bytes) });
  return SharedMemory.create(key, { bytes: Number(bytes), mode });
}

/** What the kernel says of more bytes than a number of JavaScript can ask it for (newseg in ipc/shm.c, mm/shmem.c). */
function whyTooLarge(bytes: bigint): 'EINVAL' | 'ENOSPC' | 'ENOMEM' {
  const { maxSegmentBytes, maxTotalPages } = SharedMemory.limits();
  if (bytes > maxSegmentBytes) return 'EINVAL';
  if (bytes / BigInt(pageSize()) >= maxTotalPages) return 'ENOSPC';
  return bytes > LARGEST_FILE ? 'EINVAL' : 'ENOMEM';
}
