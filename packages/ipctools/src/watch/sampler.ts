import { MessageQueue, type QueueEntry } from '@timeq/mq-native';
import { Facts } from '../model/facts.js';
import { codeOf } from '../failure.js';
import { chooseNamespaces } from '../model/choose-namespaces.js';
import type { FoundNamespace } from '../model/find-namespaces.js';
import { Owners } from '../model/owners.js';
import { BlockedScans } from '../processes/blocked-scans.js';
import type { QueueTarget } from '../model/find-queue.js';
import { flowsBetween } from './rates.js';
import type { WatchedQueue } from './watched-queue.js';

/** One look at all queues. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Since the sample before; undefined for the first. */
  readonly seconds: number | undefined;
  readonly queues: readonly WatchedQueue[];
}

/** How many samples a history has, if it is not told. */
const HISTORY = 180;

interface Remembered {
  readonly entry: QueueEntry;
  readonly history: readonly number[];
}

/** Samples queues again and again, and reports what happened in between. */
export class Sampler {
  readonly #targets: readonly QueueTarget[];
  readonly #namespace: string | undefined;
  readonly #tell: (sentence: string) => void;
  readonly #samples: number;
  readonly #owners = new Owners();
  #remembered = new Map<string, Remembered>();
  readonly #scans = new BlockedScans();
  #places: readonly (FoundNamespace | undefined)[] = [];
  #last: { readonly time: number; readonly clock: number } | undefined;

  /**
   * @param targets the queues to watch; none: all
   * @param namespace the value of --namespace
   * @param tell is called in the first sample with a sentence if a namespace may be missing
   * @param samples how many samples the history of a queue has at most, 1 or more
   */
  constructor(
    targets: readonly QueueTarget[],
    namespace: string | undefined,
    tell: (sentence: string) => void = () => {},
    samples = HISTORY,
  ) {
    this.#tell = tell;
    this.#samples = samples;
    this.#targets = targets;
    this.#namespace = namespace;
  }

  /** @throws Failure, IpcError as chooseNamespaces and IpcNamespace.enter do */
  sample(): Sample {
    const time = Date.now();
    const clock = performance.now();
    const seconds = this.#last === undefined ? undefined : (clock - this.#last.clock) / 1000;
    const before = this.#remembered;
    this.#remembered = new Map();
    const places = chooseNamespaces(this.#namespace, this.#last === undefined ? this.#tell : () => {}) ?? [
      undefined,
    ];
    this.#places = places;
    const queues = places.flatMap((found) => this.#sampleIn(found, before, seconds));
    this.#last = { time, clock };
    return { time, seconds, queues };
  }

  /** Does some work in the IPC namespace of a queue of the last sample. @throws IpcError ESRCH if it has ended */
  inside<Result>({ namespace }: WatchedQueue, work: () => Result): Result {
    const found = this.#places.find((place) => place?.namespace.inode === namespace);
    const entered: Disposable | undefined = found?.namespace.enter();
    try {
      return work();
    } finally {
      entered?.[Symbol.dispose]();
    }
  }

  #sampleIn(
    found: FoundNamespace | undefined,
    before: ReadonlyMap<string, Remembered>,
    seconds: number | undefined,
  ): WatchedQueue[] {
    let entered: Disposable | undefined;
    try {
      entered = found?.namespace.enter();
    } catch (error) {
      // The namespace's last process has ended since the namespaces were looked for.
      if (this.#namespace === 'all' && codeOf(error) === 'ESRCH') return [];
      throw error;
    }
    try {
      const namespace = found?.namespace;
      const blocked = this.#scans.of(namespace?.link);
      const queues = MessageQueue.list();
      const facts = new Facts({ namespace: namespace?.link, owners: this.#owners, blocked, queues });
      return queues
        .filter((entry) => this.#isWanted(entry))
        .map((entry) => this.#watch(entry, facts, namespace?.inode, before, seconds));
    } finally {
      entered?.[Symbol.dispose]();
    }
  }

  #watch(
    entry: QueueEntry,
    facts: Facts,
    namespace: number | undefined,
    before: ReadonlyMap<string, Remembered>,
    seconds: number | undefined,
  ): WatchedQueue {
    const name = `${namespace ?? ''} ${entry.id}`;
    const known = before.get(name);
    const history = [...(known?.history ?? []), entry.messages].slice(-this.#samples);
    this.#remembered.set(name, { entry, history });
    const flows =
      known === undefined || seconds === undefined || this.#last === undefined
        ? undefined
        : flowsBetween(known.entry, entry, this.#last.time / 1000, seconds);
    return { name, entry, facts, namespace, flows, history };
  }

  #isWanted({ key, id }: QueueEntry): boolean {
    if (this.#targets.length === 0) return true;
    return this.#targets.some((target) => (target.by === 'key' ? target.key === key : target.id === id));
  }
}
