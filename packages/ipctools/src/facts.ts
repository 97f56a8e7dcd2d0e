import { SharedMemory, type SegmentResidency } from '@timeq/mq-native';
import { findBlockedThreads, type BlockedThreads } from './processes/blocked.js';
import { Owners } from './owners.js';
import { Processes } from './processes/process.js';

/** What is known already, or is to be looked up elsewhere than usual. */
export interface FactsOptions {
  /** The IPC namespace that is looked into, as /proc/PID/ns/ipc links to it; the own one if not given. */
  readonly namespace?: string | undefined;
  readonly owners?: Owners;
  readonly blocked?: BlockedThreads;
}

/** What a table needs to know beside the kernel's table itself; everything is read when it is first asked for. */
export class Facts {
  /** The moment of the look, in whole seconds since the epoch. */
  readonly now = Math.floor(Date.now() / 1000);
  readonly owners: Owners;
  readonly processes = new Processes();
  readonly #namespace: string | undefined;
  #blocked: BlockedThreads | undefined;
  #residency: ReadonlyMap<number, SegmentResidency> | undefined;

  constructor({ namespace, owners = new Owners(), blocked }: FactsOptions = {}) {
    this.#namespace = namespace;
    this.owners = owners;
    this.#blocked = blocked;
  }

  get blocked(): BlockedThreads {
    return (this.#blocked ??= findBlockedThreads('/proc', this.#namespace));
  }

  /** What of each segment is in memory and in swap, by id. */
  get residency(): ReadonlyMap<number, SegmentResidency> {
    return (this.#residency ??= SharedMemory.residency());
  }
}
