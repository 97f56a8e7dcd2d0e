import { PROC, Processes, SharedMemory } from '@timeq/mq-native';
import type { ProcessSource, SegmentResidency } from '@timeq/mq-native';
import { findBlockedThreads, type BlockedThreads } from '../processes/blocked.js';
import { Owners } from './owners.js';
import { countProcessesByOwner } from '../processes/owner-processes.js';

/** Facts that are known already, or that come from another source. */
interface FactsOptions {
  /** The IPC namespace to read, as /proc/PID/ns/ipc links to it; the own one if not given. */
  readonly namespace?: string | undefined;
  readonly owners?: Owners;
  readonly blocked?: BlockedThreads;
  readonly ownerProcesses?: Facts['ownerProcesses'];
  /** The time of the reading, in whole seconds since the epoch. */
  readonly now?: number;
  /** Where processes are looked up. */
  readonly source?: ProcessSource;
}

/** The facts for a table beside the kernel's own; each is read when it is first needed. */
export class Facts {
  /** The time of the reading, in whole seconds since the epoch. */
  readonly now: number;
  readonly owners: Owners;
  readonly source: ProcessSource;
  readonly processes: Processes;
  readonly #namespace: string | undefined;
  #blocked: BlockedThreads | undefined;
  #ownerProcesses: Facts['ownerProcesses'] | undefined;
  #residency: ReadonlyMap<number, SegmentResidency> | undefined;

  constructor({
    namespace,
    owners = new Owners(),
    blocked,
    ownerProcesses,
    now = Math.floor(Date.now() / 1000),
    source = PROC,
  }: FactsOptions = {}) {
    this.now = now;
    this.#namespace = namespace;
    this.owners = owners;
    this.#blocked = blocked;
    this.#ownerProcesses = ownerProcesses;
    this.source = source;
    this.processes = new Processes(source);
  }

  get blocked(): BlockedThreads {
    return (this.#blocked ??= findBlockedThreads(this.#namespace, this.source));
  }

  /** How many processes each user has; no counts where /proc hides those of others. */
  get ownerProcesses(): { readonly counts: ReadonlyMap<number, number> | undefined } {
    return (this.#ownerProcesses ??= { counts: countProcessesByOwner(this.source) });
  }

  /** How much of each segment is in memory and in swap, by id. */
  get residency(): ReadonlyMap<number, SegmentResidency> {
    return (this.#residency ??= SharedMemory.residency());
  }
}
