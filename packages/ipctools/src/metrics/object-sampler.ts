import type { QueueEntry } from '@timeq/mq-native';
import type { SemaphoreEvidence } from '../evidence/evidence.js';
import { VERDICTS, type Criteria, type Verdict } from '../evidence/rules.js';
import { verdicts } from '../evidence/survey.js';
import { Facts } from '../model/facts.js';
import { KINDS, type KindName } from '../model/kind-names.js';
import { readLimits, type Limit } from '../model/limits.js';
import { Owners } from '../model/owners.js';
import { fullness, waitingIn, type Waiting } from '../model/queue-state.js';
import { BlockedScans } from '../processes/blocked-scans.js';
import { FullestQueues } from './fullest-queues.js';

/** A queue with its verdict. */
export interface SampledQueue {
  readonly entry: QueueEntry;
  readonly verdict: Verdict;
  /** What the semaphore beside it says. */
  readonly semaphore: SemaphoreEvidence;
  /** Undefined if it is unknown. */
  readonly waiting: Waiting | undefined;
}

/** What queues hold together. */
interface QueueTotals {
  readonly queues: number;
  readonly messages: number;
  readonly bytes: number;
}

/** All objects at one moment, judged. */
export interface ObjectSample {
  /** Whole seconds since the epoch. */
  readonly now: number;
  /** The fullest queues first, if some were left out. */
  readonly queues: readonly SampledQueue[];
  /** The queues with a server that is alive, or that died: also those that were left out. */
  readonly served: readonly Pick<SampledQueue, 'entry' | 'semaphore'>[];
  readonly all: QueueTotals;
  readonly leftOut: QueueTotals;
  /** How many objects of each kind have which verdict. */
  readonly counts: Readonly<Record<KindName, Readonly<Record<Verdict, number>>>>;
  readonly segmentBytes: number;
  readonly limits: Readonly<Record<KindName, readonly Limit[]>>;
  /** Whether every process could be inspected for blocked threads. */
  readonly blockedKnown: boolean;
  readonly owners: Owners;
}

/** A queue before it is known whether it is kept. */
type JudgedQueue = Omit<SampledQueue, 'waiting'>;

const LIST_OF = { queue: 'queues', segment: 'segments', 'semaphore set': 'semaphores' } as const;

/** A monitor spends at most 1 % of a core on inspecting threads. */
const REST = 100;

/** Judges all objects of this IPC namespace again and again, cheaply enough for once a second. */
export class ObjectSampler {
  readonly #criteria: Criteria;
  readonly #most: number;
  readonly #owners = new Owners();
  readonly #scans = new BlockedScans(REST);

  /** @param most how many queues a sample has one by one; the fullest are kept */
  constructor(criteria: Criteria, most = Infinity) {
    this.#criteria = criteria;
    this.#most = most;
  }

  sample(): ObjectSample {
    const facts = new Facts({
      owners: this.#owners,
      blocked: this.#scans.of(),
      // Only reasons tell of them.
      ownerProcesses: { counts: undefined },
    });
    const counts = { queues: noCounts(), segments: noCounts(), semaphores: noCounts() };
    const served: JudgedQueue[] = [];
    const fullest = new FullestQueues<JudgedQueue>(this.#most, ({ entry }) => fullness(entry));
    const all = { queues: 0, messages: 0, bytes: 0 };
    let segmentBytes = 0;
    for (const { object, verdict, semaphore } of verdicts(KINDS, this.#criteria, facts)) {
      counts[LIST_OF[object.kind]][verdict] += 1;
      if (object.kind === 'segment') segmentBytes += object.entry.bytes;
      if (object.kind !== 'queue') continue;
      const queue = { entry: object.entry, verdict, semaphore };
      fullest.add(queue);
      if (semaphore.state === 'held' || semaphore.state === 'lowered') served.push(queue);
      all.queues += 1;
      all.messages += object.entry.messages;
      all.bytes += object.entry.bytes;
    }
    const kept = fullest.end();
    const shown = totals(kept);
    return {
      now: facts.now,
      queues: kept.map((queue) => ({ ...queue, waiting: waitingIn(queue.entry, facts) })),
      served,
      all,
      leftOut: {
        queues: all.queues - shown.queues,
        messages: all.messages - shown.messages,
        bytes: all.bytes - shown.bytes,
      },
      counts,
      segmentBytes,
      limits: readLimits(),
      blockedKnown: facts.blocked.complete,
      owners: this.#owners,
    };
  }
}

function noCounts(): Record<Verdict, number> {
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
}

function totals(queues: readonly JudgedQueue[]): QueueTotals {
  let messages = 0;
  let bytes = 0;
  for (const { entry } of queues) {
    messages += entry.messages;
    bytes += entry.bytes;
  }
  return { queues: queues.length, messages, bytes };
}
