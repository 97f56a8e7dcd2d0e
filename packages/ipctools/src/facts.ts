import { SharedMemory, type SegmentResidency } from '@timeq/mq-native';
import { findBlockedThreads, type BlockedThreads } from './processes/blocked.js';
import { Owners } from './owners.js';
import { Processes } from './processes/process.js';

/** What a table needs to know beside the kernel's table itself; everything is read when it is first asked for. */
export class Facts {
  /** The moment of the look, in whole seconds since the epoch. */
  readonly now = Math.floor(Date.now() / 1000);
  readonly owners = new Owners();
  readonly processes = new Processes();
  #blocked: BlockedThreads | undefined;
  #residency: ReadonlyMap<number, SegmentResidency> | undefined;

  get blocked(): BlockedThreads {
    return (this.#blocked ??= findBlockedThreads());
  }

  /** What of each segment is in memory and in swap, by id. */
  get residency(): ReadonlyMap<number, SegmentResidency> {
    return (this.#residency ??= SharedMemory.residency());
  }
}
