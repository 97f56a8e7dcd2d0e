import type { PosixFacts } from '../model/posix/facts.js';
import { readPosixLimits } from './limits.js';
import { POSIX_KINDS, type PosixKind } from '../model/posix/objects.js';
import { absences } from '../model/posix/places.js';

/** The usage of one kind of POSIX objects. */
export interface PosixKindOverview {
  readonly kind: PosixKind;
  readonly count: number;
  /** The limit of their number; undefined where there is none. */
  readonly limit: number | undefined;
  /** Bytes that they hold; of queues only those of queues that may be read. */
  readonly bytes: number;
  /** Messages in the queues that may be opened. */
  readonly messages: number;
}

export interface PosixOverview {
  readonly kinds: readonly PosixKindOverview[];
  /** Why some kinds can't be seen, a sentence each. */
  readonly absent: readonly string[];
}

/** Usage of POSIX objects against the kernel's limits. */
export function readPosixOverview(posix: PosixFacts): PosixOverview {
  const queuesMax = readPosixLimits(posix).find(({ name }) => name === 'queues_max');
  return {
    kinds: POSIX_KINDS.map((kind) => {
      const objects = posix.objects.filter((object) => object.kind === kind);
      const sum = (part: (object: (typeof objects)[number]) => number | undefined): number =>
        objects.reduce((total, object) => total + (part(object) ?? 0), 0);
      return {
        kind,
        count: objects.length,
        limit: kind === 'posix queue' && queuesMax !== undefined ? Number(queuesMax.value) : undefined,
        bytes: sum((object) => (kind === 'posix queue' ? posix.queueOf(object)?.bytes : object.size)),
        messages: sum((object) => posix.queueOf(object)?.messages),
      };
    }),
    absent: absences(posix.places),
  };
}
