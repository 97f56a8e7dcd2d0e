import type { Labels, MetricDefinition, MetricFamily } from '@timeq/cli-kit/metrics/exposition';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { formatKey } from '@timeq/mq-native';
import type { Count } from '../../slots/header.js';
import type { SlotSnapshot } from '../../slots/snapshot.js';
import { METRICS } from './definitions.js';

const NANOSECONDS = 1e9;

/** A bridge, and what waits in its queue; undefined if the queue is gone or may not be read. */
export interface SampledBridge {
  readonly snapshot: SlotSnapshot;
  readonly queued: number | undefined;
}

/** @param now nanoseconds since the epoch */
export function bridgeFamilies(
  bridges: readonly SampledBridge[],
  unreadable: number,
  now: bigint,
): MetricFamily[] {
  const labelled = bridges.map((bridge) => ({ bridge, of: labelsOf(bridge.snapshot) }));
  const family = (
    definition: MetricDefinition,
    value: (bridge: SampledBridge) => number | undefined,
  ): MetricFamily => ({
    definition,
    samples: labelled.flatMap(({ bridge, of }) => {
      const known = value(bridge);
      return known === undefined ? [] : [{ sharedLabels: of, value: known }];
    }),
  });
  const counted = (
    definition: MetricDefinition,
    name: Count,
    direction?: SlotSnapshot['direction'],
  ): MetricFamily =>
    family(definition, ({ snapshot }) =>
      direction === undefined || direction === snapshot.direction ? snapshot.header.count(name) : undefined,
    );
  return [
    family(METRICS.up, ({ snapshot: { user } }) => (user.state === 'alive' ? 1 : 0)),
    family(METRICS.slots, ({ snapshot }) => snapshot.slots),
    family(METRICS.inFlight, ({ snapshot }) => snapshot.holding.length),
    family(METRICS.lag, ({ snapshot, queued }) => (snapshot.direction === 'out' ? queued : undefined)),
    family(METRICS.oldest, ({ snapshot }) => oldestAge(snapshot, now)),
    family(METRICS.position, ({ snapshot: { direction, header } }) =>
      direction === 'out' ? header.acked : header.position,
    ),
    counted(METRICS.acked, 'moved'),
    counted(METRICS.lookedUp, 'found', 'out'),
    counted(METRICS.again, 'again', 'out'),
    counted(METRICS.inDoubt, 'doubted', 'in'),
    counted(METRICS.sentAgain, 'doubtedAgain', 'in'),
    counted(METRICS.skipped, 'doubtedSkipped', 'in'),
    counted(METRICS.dead, 'dead'),
    counted(METRICS.passedOver, 'poison', 'in'),
    { definition: METRICS.unreadable, samples: [{ value: unreadable }] },
  ];
}

function labelsOf({ direction, queueKey, header }: SlotSnapshot): Labels {
  return { direction, key: formatKey(queueKey), stream: escapeText(header.stream) };
}

/** Only a bridge out of a queue notes the time. */
function oldestAge({ direction, holding }: SlotSnapshot, now: bigint): number | undefined {
  const [oldest] = holding;
  if (direction !== 'out' || oldest === undefined) return undefined;
  return Math.max(0, Number(now - oldest.time) / NANOSECONDS);
}
