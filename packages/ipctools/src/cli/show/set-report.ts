import {
  isWholeMachine,
  Liveness,
  SemaphoreSet,
  type KnownProcess,
  type QueueEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import { asFailure, isDenied } from '../../failure.js';
import type { Facts } from '../../model/facts.js';
import { nameQueue } from '../../model/find-queue.js';
import { readingsOf } from './known-sets.js';
import { TABLES } from '../../model/lists.js';
import { reportLive, reportProcess, type ReportedProcess } from '../../model/reported-process.js';

/** One semaphore of a set. */
export interface ReportedSemaphore {
  readonly number: number;
  readonly value: number;
  /** How many threads wait for an increase of its value, and how many for zero. */
  readonly waitingForIncrease: number;
  readonly waitingForZero: number;
  /** The process that changed it last. */
  readonly last: ReportedProcess;
}

/** Everything that can be known of one set. */
export interface SetReport {
  readonly entry: SemaphoreEntry;
  /** The semaphores, or why they can't be read. */
  readonly semaphores: readonly ReportedSemaphore[] | { readonly refusal: string };
  /** What it means if Timeq made it. */
  readonly readings: readonly string[];
  /** The processes that wait for its semaphores, as far as they can be inspected. */
  readonly waiters: readonly ReportedProcess[];
  /** Whether these are all. */
  readonly waitersKnown: boolean;
}

function readSemaphores(entry: SemaphoreEntry, facts: Facts): SetReport['semaphores'] {
  const { id, count, operateTime, changeTime } = entry;
  const { processes, source } = facts;
  // A set whose values were only set has a process and no time of operation.
  const time = operateTime === 0 ? changeTime : operateTime;
  const lastProcess = (pid: number): KnownProcess =>
    // In the first pid namespace every process has a pid, so a pid of 0 means that there was none.
    pid === 0 && (operateTime === 0 || isWholeMachine(source))
      ? { pid, state: 'never' }
      : processes.find(pid, time);
  try {
    using set = SemaphoreSet.fromId(id);
    const values = set.values();
    return Array.from({ length: count }, (_, number) => ({
      number,
      value: values[number] ?? 0,
      waitingForIncrease: set.waitingForIncrease(number),
      waitingForZero: set.waitingForZero(number),
      last: reportProcess(lastProcess(set.lastPid(number)), processes),
    }));
  } catch (error) {
    if (!isDenied(error)) throw error;
    return { refusal: asFailure(error)?.message ?? String(error) };
  }
}

function queueBeside({ key }: SemaphoreEntry): QueueEntry | undefined {
  if (key === 0) return undefined;
  for (const queue of TABLES.queues()) if (queue.key === key) return queue;
  return undefined;
}

/** What a set of one semaphore at the key of a queue says about the queue's server. */
function livenessOf(entry: SemaphoreEntry, { processes }: Facts): readonly string[] {
  const queue = entry.count === 1 ? queueBeside(entry) : undefined;
  if (queue === undefined) return [];
  using set = SemaphoreSet.fromId(entry.id);
  const liveness = Liveness.judge(set, () => queue, processes);
  const beside = `Liveness of ${nameQueue(queue)}`;
  if (liveness.state === 'alive') return [`${beside}: held, so its server is alive`];
  if (liveness.state !== 'dead') return [];
  const doubt =
    liveness.doubt === undefined ? 'so its server has died' : 'perhaps because its server has died';
  return [`${beside}: lowered, ${doubt}`];
}

export function reportSet(entry: SemaphoreEntry, facts: Facts): SetReport {
  const semaphores = readSemaphores(entry, facts);
  const readable = 'refusal' in semaphores ? undefined : semaphores;
  const waiting = readable?.reduce((sum, each) => sum + each.waitingForIncrease + each.waitingForZero, 0);
  const threads = waiting === 0 ? [] : facts.waitersOf(entry.id);
  const values = readable?.map(({ value }) => value) ?? [];
  const liveness = readable === undefined ? [] : livenessOf(entry, facts);
  return {
    entry,
    semaphores,
    readings: liveness.length > 0 ? liveness : readingsOf({ values, operateTime: entry.operateTime }),
    waiters: [...new Set(threads.map(({ pid }) => pid))].map((pid) => reportLive(pid, facts.processes)),
    // The kernel counts them.
    waitersKnown: waiting !== undefined && threads.length >= waiting,
  };
}
