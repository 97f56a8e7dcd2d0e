import {
  GoneError,
  PROC,
  Processes,
  SemaphoreSet,
  SharedMemory,
  type ProcessSource,
  type QueueEntry,
  type SegmentEntry,
  type SegmentResidency,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import { PosixFacts } from './posix/facts.js';
import { findBlockedThreads, type BlockedThreads } from '../processes/blocked.js';
import { isDenied } from '../failure.js';
import { LISTS } from './lists.js';
import { Owners } from './owners.js';
import { findAttached, type AttachedProcesses } from '../processes/attached.js';
import { findSetWaiters, type SetWaiter } from '../processes/set-waiters.js';
import { countProcessesByOwner } from '../processes/owner-processes.js';

/** Facts that are known already, or that come from another source. */
interface FactsOptions {
  /** The IPC namespace to read, as /proc/PID/ns/ipc links to it; the own one if not given. */
  readonly namespace?: string | undefined;
  /** A process whose mounts show the POSIX objects; this process's own if not given. */
  readonly mountsOf?: number | undefined;
  readonly owners?: Owners;
  readonly blocked?: BlockedThreads;
  readonly ownerProcesses?: Facts['ownerProcesses'];
  readonly queues?: readonly QueueEntry[];
  /** The time of the reading, in whole seconds since the epoch. */
  readonly now?: number;
  /** Where processes are looked up. */
  readonly source?: ProcessSource;
}

/** The values of a set's semaphores, and how many threads wait for them. */
interface Semaphores {
  readonly values: readonly number[];
  readonly waiting: number;
}

function readSemaphores({ id, count }: SemaphoreEntry): Semaphores | undefined {
  try {
    using set = SemaphoreSet.fromId(id);
    let waiting = 0;
    for (let number = 0; number < count; number += 1) {
      waiting += set.waitingForIncrease(number) + set.waitingForZero(number);
    }
    return { values: set.values(), waiting };
  } catch (error) {
    if (error instanceof GoneError || isDenied(error)) return undefined;
    throw error;
  }
}

/** The facts for a table beside the kernel's own; each is read when it is first needed. */
export class Facts {
  /** The time of the reading, in whole seconds since the epoch. */
  readonly now: number;
  readonly owners: Owners;
  readonly source: ProcessSource;
  readonly processes: Processes;
  /** POSIX queues, shared memory and semaphores. */
  readonly posix: PosixFacts;
  readonly #namespace: string | undefined;
  #blocked: BlockedThreads | undefined;
  #ownerProcesses: Facts['ownerProcesses'] | undefined;
  #attached: AttachedProcesses | undefined;
  readonly #semaphores = new WeakMap<SemaphoreEntry, Semaphores | undefined>();
  #queues: readonly QueueEntry[] | undefined;
  #residency: ReadonlyMap<number, SegmentResidency> | undefined;

  constructor({
    namespace,
    mountsOf,
    owners = new Owners(),
    blocked,
    ownerProcesses,
    queues,
    now = Math.floor(Date.now() / 1000),
    source = PROC,
  }: FactsOptions = {}) {
    this.now = now;
    this.#namespace = namespace;
    this.owners = owners;
    this.#blocked = blocked;
    this.#ownerProcesses = ownerProcesses;
    this.#queues = queues;
    this.source = source;
    this.processes = new Processes(source);
    this.posix = new PosixFacts(mountsOf, source);
  }

  get blocked(): BlockedThreads {
    return (this.#blocked ??= findBlockedThreads(this.#namespace, this.source));
  }

  /** The pids of the processes that have a segment attached, and whether these are all. */
  attachedTo({ id, attachments }: SegmentEntry): {
    readonly pids: readonly number[];
    readonly complete: boolean;
  } {
    if (attachments === 0) return { pids: [], complete: true };
    const { bySegment, complete } = (this.#attached ??= findAttached(this.#namespace, this.source));
    const pids = bySegment.get(id) ?? [];
    // Each has attached it at least once.
    return { pids, complete: complete || pids.length >= attachments };
  }

  /** The semaphores of a set; undefined if they may not be read or the set is gone. */
  semaphoresOf(entry: SemaphoreEntry): Semaphores | undefined {
    if (!this.#semaphores.has(entry)) this.#semaphores.set(entry, readSemaphores(entry));
    return this.#semaphores.get(entry);
  }

  /** The threads that wait for semaphores of a set now, as far as they can be inspected. */
  waitersOf(setId: number): readonly SetWaiter[] {
    return findSetWaiters(setId, this.#namespace, this.source);
  }

  /** How many processes each user has; no counts where /proc hides those of others. */
  get ownerProcesses(): { readonly counts: ReadonlyMap<number, number> | undefined } {
    return (this.#ownerProcesses ??= { counts: countProcessesByOwner(this.source) });
  }

  /** The queues of this IPC namespace. */
  get queues(): readonly QueueEntry[] {
    return (this.#queues ??= LISTS.queues());
  }

  /** How much of each segment is in memory and in swap, by id. */
  get residency(): ReadonlyMap<number, SegmentResidency> {
    return (this.#residency ??= SharedMemory.residency());
  }
}
