import { deliverMetrics, type DeliveryOptions } from '@timeq/cli-kit/metrics/deliver-metrics';
import type { MetricFamily } from '@timeq/cli-kit/metrics/exposition';
import { MessageQueue, wallClock, type Key } from '@timeq/mq-native';
import { BridgeError } from '../../bridge-error.js';
import { snapshotOf } from '../../slots/snapshot.js';
import { bridgeFamilies, type SampledBridge } from '../metrics/families.js';
import { serviceManager } from '../service-manager.js';
import { DIRECTIONS } from '../snapshots.js';
import { readQueueKey } from '../target.js';

/** Delivers the metrics of bridges, from their shared memory. */
export function run(words: readonly string[], options: DeliveryOptions): Promise<number> {
  const named = words.map(readQueueKey);
  return deliverMetrics(
    options,
    () => Promise.resolve(collect(named)),
    () => serviceManager(false),
  );
}

/** @param named the keys of queues; none: all queues that exist */
function collect(named: readonly Key[]): readonly MetricFamily[] {
  const queues = new Map(MessageQueue.list().map((entry) => [entry.key, entry.messages]));
  const keys = named.length > 0 ? named : [...queues.keys()].filter((key) => key !== 0);
  const bridges: SampledBridge[] = [];
  let unreadable = 0;
  for (const key of keys) {
    for (const direction of DIRECTIONS) {
      try {
        const snapshot = snapshotOf(key, direction);
        if (snapshot !== undefined) bridges.push({ snapshot, queued: queues.get(key) });
      } catch (error) {
        // Another user's bridge is no reason to tell nothing of the others.
        if (!(error instanceof BridgeError) || error.code !== 'NOT_PERMITTED') throw error;
        unreadable += 1;
      }
    }
  }
  return bridgeFamilies(bridges, unreadable, wallClock());
}
