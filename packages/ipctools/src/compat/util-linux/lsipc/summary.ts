import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { humanSize } from '../ipcs/sizes.js';
import type { Output } from '../output.js';
import { Failure } from '../program.js';
import { chooseColumns } from './choose.js';
import { COLUMNS, type Cells } from './column.js';
import { writeList } from './list.js';
import { makeLook } from './look.js';
import type { Limit } from './limit.js';
import type { Request } from './request.js';
import { layoutOf, writerOf } from './show.js';

/** `-g`: the limits of the kernel, and their usage. Returns the exit code. */
export async function showSummary(request: Request, output: Output): Promise<number> {
  const { given, wanted } = request;
  if (wanted !== undefined || given.has('c') || given.has('t')) {
    throw new Failure('--global is mutually exclusive with --creator, --id, --name and --time');
  }
  const columns = chooseColumns(request.columns, COLUMNS.summary, COLUMNS.summary);
  const cells = summaryCells(given.has('b'));
  const kind = ['q', 'Q', 'm', 'M', 's', 'S'].find((letter) => given.has(letter));
  const entries: Limit[] = [];
  for (const [letter, limits] of LIMITS) {
    if (kind === undefined || kind === letter) entries.push(...(await limits(output)));
  }
  const table = {
    list: 'ipclimits',
    columns,
    cells: columns.map(({ name }) => cells[name]),
    entries,
    look: makeLook('short', { bytes: given.has('b'), octal: false }),
  };
  await (writerOf(request) ?? writeList)(table, layoutOf(request), output);
  return 0;
}

function summaryCells(bytes: boolean): Cells<Limit> {
  return {
    RESOURCE: ({ name }) => name,
    DESCRIPTION: ({ description }) => description,
    LIMIT: ({ limit, size }) => (size && !bytes ? humanSize(limit) : String(limit)),
    USED: ({ used }) => (used === undefined ? '-' : String(used)),
    'USE%': ({ used, limit }) => (used === undefined ? '-' : percent(used, limit)),
  };
}

/** Of a limit of 0 nothing is left, as C's division has it. */
function percent(used: number, limit: number | bigint): string {
  const share = (used / Number(limit)) * 100;
  if (Number.isNaN(share)) return '-nan%';
  return Number.isFinite(share) ? `${share.toFixed(2)}%` : 'inf%';
}

/** By the letters of their kinds, in the order in which they are shown. POSIX shared memory and semaphores have none. */
const LIMITS: readonly (readonly [letter: string, limits: (output: Output) => Limit[] | Promise<Limit[]>])[] =
  [
    [
      'q',
      () => {
        const { maxQueues, queues, maxMessageBytes, maxQueueBytes } = MessageQueue.limits();
        return [
          {
            name: 'MSGMNI',
            description: 'Number of System V message queues',
            limit: maxQueues,
            used: queues,
          },
          {
            name: 'MSGMAX',
            description: 'Max size of System V message (bytes)',
            limit: maxMessageBytes,
            size: true,
          },
          {
            name: 'MSGMNB',
            description: 'Default max size of System V queue (bytes)',
            limit: maxQueueBytes,
            size: true,
          },
        ];
      },
    ],
    ['Q', async (output) => (await import('./posix-limits.js')).posixLimits(output)],
    [
      'm',
      () => {
        const limits = SharedMemory.limits();
        return [
          {
            name: 'SHMMNI',
            description: 'Shared memory segments',
            limit: limits.maxSegments,
            used: limits.segments,
          },
          {
            name: 'SHMALL',
            description: 'Shared memory pages',
            limit: limits.maxTotalPages,
            used: limits.pages,
          },
          {
            name: 'SHMMAX',
            description: 'Max size of shared memory segment (bytes)',
            limit: limits.maxSegmentBytes,
            size: true,
          },
          {
            name: 'SHMMIN',
            description: 'Min size of shared memory segment (bytes)',
            limit: limits.minSegmentBytes,
            size: true,
          },
        ];
      },
    ],
    [
      's',
      () => {
        const limits = SemaphoreSet.limits();
        return [
          {
            name: 'SEMMNI',
            description: 'Number of semaphore identifiers',
            limit: limits.maxSets,
            used: limits.sets,
          },
          {
            name: 'SEMMNS',
            description: 'Total number of semaphores',
            limit: limits.maxSemaphores,
            used: limits.semaphores,
          },
          { name: 'SEMMSL', description: 'Max semaphores per semaphore set.', limit: limits.maxPerSet },
          {
            name: 'SEMOPM',
            description: 'Max number of operations per semop(2)',
            limit: limits.maxOperations,
          },
          { name: 'SEMVMX', description: 'Semaphore max value', limit: limits.maxValue },
        ];
      },
    ],
  ];
