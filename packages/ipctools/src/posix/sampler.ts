import { Rested } from '@timeq/cli-kit/metrics/rested';
import { VERDICTS, type Criteria, type Verdict } from '../evidence/rules.js';
import { FullestQueues } from '../metrics/fullest-queues.js';
import { Facts } from '../model/facts.js';
import type { Limit } from '../model/limits.js';
import { Owners } from '../model/owners.js';
import { POSIX_KINDS, type PosixKind, type PosixObject, type QueueContents } from '../model/posix/objects.js';
import { readPosixLimits } from './limits.js';
import { surveyPosix } from './rules.js';

/** A queue that this user may look into. */
export interface SampledPosixQueue {
  readonly object: PosixObject;
  readonly contents: QueueContents;
}

/** All POSIX objects at one moment. */
export interface PosixSample {
  /** Whole seconds since the epoch. */
  readonly now: number;
  /** Whether the places of queues, and of shared memory and semaphores, are mounted. */
  readonly visible: { readonly queues: boolean; readonly memory: boolean };
  /** The fullest queues first, if some were left out. */
  readonly queues: readonly SampledPosixQueue[];
  readonly leftOut: { readonly queues: number; readonly messages: number };
  /** Queues that this user may not look into. */
  readonly unreadable: number;
  /** Bytes that shared memory takes. */
  readonly memoryBytes: number;
  /** How many objects of each kind have which verdict. */
  readonly counts: Readonly<Record<PosixKind, Readonly<Record<Verdict, number>>>>;
  readonly limits: readonly Limit[];
  readonly owners: Owners;
}

/** A monitor spends at most 1 % of a core on looking into the files and the memory of all processes. */
const REST = 100;

/** Looks at POSIX objects again and again, cheaply enough for once a second. */
export class PosixSampler {
  readonly #most: number;
  readonly #owners = new Owners();
  readonly #counts: Rested<PosixSample['counts']>;

  /** @param most how many queues a sample has one by one; the fullest are kept */
  constructor(criteria: Criteria, most = Infinity) {
    this.#most = most;
    this.#counts = new Rested(() => countVerdicts(criteria, new Facts()), 0, REST);
  }

  sample(): PosixSample {
    const { posix, now } = new Facts({ owners: this.#owners });
    const fullest = new FullestQueues<SampledPosixQueue>(this.#most, fullnessOf);
    let queues = 0;
    let messages = 0;
    let unreadable = 0;
    let memoryBytes = 0;
    for (const object of posix.objects) {
      if (object.kind === 'posix memory') memoryBytes += object.allocated;
      if (object.kind !== 'posix queue') continue;
      const contents = posix.queueOf(object);
      if (contents === undefined) unreadable += 1;
      else {
        fullest.add({ object, contents });
        queues += 1;
        messages += contents.messages;
      }
    }
    const kept = fullest.end();
    return {
      now,
      visible: {
        queues: typeof posix.places.queues !== 'string',
        memory: typeof posix.places.memory !== 'string',
      },
      queues: kept,
      leftOut: {
        queues: queues - kept.length,
        messages: kept.reduce((rest, { contents }) => rest - contents.messages, messages),
      },
      unreadable,
      memoryBytes,
      counts: this.#counts.get(),
      limits: readPosixLimits(posix),
      owners: this.#owners,
    };
  }
}

/** The share of its limit; 1 is full. */
export function fullnessOf({ contents: { messages, maxMessages } }: SampledPosixQueue): number {
  return messages / maxMessages;
}

function countVerdicts(criteria: Criteria, facts: Facts): PosixSample['counts'] {
  const counts = Object.fromEntries(
    POSIX_KINDS.map((kind) => [kind, Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0]))]),
  ) as Record<PosixKind, Record<Verdict, number>>;
  for (const { evidence, verdict } of surveyPosix(criteria, facts))
    counts[evidence.object.kind][verdict] += 1;
  return counts;
}
