import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { exactNumber, type JsonObject } from '../format/json.js';

type Amount = number | bigint;

/** A kernel limit on System V objects, in this IPC namespace. */
export interface Limit {
  /** Its name in the man pages: `msgmni`. */
  readonly name: string;
  readonly meaning: string;
  readonly value: Amount;
  /** Its usage now; undefined for a limit on one object. */
  readonly inUse?: Amount;
  /** Undefined for a limit that is not a sysctl. */
  readonly sysctl: string | undefined;
  /** The shell command that raises it; undefined if it can't, or needn't, be raised. */
  readonly raise: string | undefined;
}

/** IPCMNI of linux/ipc_namespace.h; more only if Linux was booted with ipcmni_extend. */
const MOST_OBJECTS = 32_768;
/** msgmax and msgmnb are ints. */
const LARGEST_INT = 2 ** 31 - 1;
/** From here on a limit means no limit: shmmax and shmall start near 2^64. */
const UNLIMITED = 2n ** 62n;

/** Whether the limit is so high that nothing can reach it. */
export function isUnlimited({ value }: Limit): boolean {
  return value >= UNLIMITED;
}

/** Usage of the limit in percent; undefined for a limit on one object. */
export function usedPercent({ value, inUse }: Limit): number | undefined {
  if (inUse === undefined) return undefined;
  return value === 0 ? 100 : (Number(inUse) / Number(value)) * 100;
}

function doubled(value: Amount, highest: number): string | undefined {
  return value >= highest ? undefined : String(Math.min(Number(value) * 2, highest));
}

function limit(
  name: string,
  meaning: string,
  value: Amount,
  { inUse, highest = Number(UNLIMITED) }: { inUse?: Amount; highest?: number } = {},
): Limit {
  const sysctl = `kernel.${name}`;
  const more = doubled(value, highest);
  const raise = more === undefined ? undefined : `sysctl -w ${sysctl}=${more}`;
  return { name, meaning, value, sysctl, raise, ...(inUse !== undefined && { inUse }) };
}

function queueLimits(): Limit[] {
  const { maxQueues, maxMessageBytes, maxQueueBytes, queues } = MessageQueue.limits();
  return [
    limit('msgmni', 'queues', maxQueues, { inUse: queues, highest: MOST_OBJECTS }),
    limit('msgmax', 'bytes in a message', maxMessageBytes, { highest: LARGEST_INT }),
    limit('msgmnb', 'bytes in a new queue, and messages', maxQueueBytes, { highest: LARGEST_INT }),
  ];
}

function segmentLimits(): Limit[] {
  const { maxSegments, maxSegmentBytes, maxTotalPages, segments, pages } = SharedMemory.limits();
  return [
    limit('shmmni', 'segments', maxSegments, { inUse: segments, highest: MOST_OBJECTS }),
    limit('shmmax', 'bytes in a segment', maxSegmentBytes),
    limit('shmall', 'pages in all segments', maxTotalPages, { inUse: pages }),
  ];
}

/** The four limits of semaphores are one sysctl, kernel.sem, in this order; raising one writes all. */
function semaphoreLimits(): Limit[] {
  const { maxPerSet, maxSemaphores, maxOperations, maxSets, sets, semaphores } = SemaphoreSet.limits();
  const values = [maxPerSet, maxSemaphores, maxOperations, maxSets];
  const semaphoreLimit = (position: number, name: string, meaning: string, inUse?: number): Limit => {
    const value = values[position] ?? 0;
    const more = doubled(value, position === 3 ? MOST_OBJECTS : LARGEST_INT);
    const raise = more && `sysctl -w kernel.sem='${values.with(position, Number(more)).join(' ')}'`;
    return { name, meaning, value, sysctl: 'kernel.sem', raise, ...(inUse !== undefined && { inUse }) };
  };
  return [
    semaphoreLimit(3, 'semmni', 'semaphore sets', sets),
    semaphoreLimit(0, 'semmsl', 'semaphores in a set'),
    semaphoreLimit(1, 'semmns', 'semaphores in all sets', semaphores),
    semaphoreLimit(2, 'semopm', 'operations in one semop'),
  ];
}

/** All limits, by kind of object. */
export function readLimits(): { queues: Limit[]; segments: Limit[]; semaphores: Limit[] } {
  return { queues: queueLimits(), segments: segmentLimits(), semaphores: semaphoreLimits() };
}

export function limitToJson(one: Limit): JsonObject {
  const used = usedPercent(one);
  return {
    name: one.name,
    meaning: one.meaning,
    value: exactNumber(one.value),
    inUse: one.inUse === undefined ? null : exactNumber(one.inUse),
    usedPercent: used === undefined ? null : Math.round(used * 100) / 100,
    sysctl: one.sysctl ?? null,
    raise: one.raise ?? null,
  };
}
