import type { MetricDefinition } from '@timeq/cli-kit/metrics/exposition';

const BRIDGE = ['direction', 'key', 'stream'];

function gauge(name: string, help: string, labels = BRIDGE): MetricDefinition {
  return { name: `timeq_bridge_${name}`, type: 'gauge', help, labels };
}

function counter(name: string, help: string): MetricDefinition {
  return { name: `timeq_bridge_${name}_total`, type: 'counter', help, labels: BRIDGE };
}

/** Every metric of `timeq-bridge metrics`, in the order of its output. docs/metrics.md has the same table. */
export const METRICS = {
  up: gauge('up', '1 if the bridge runs, otherwise 0'),
  slots: gauge('slots', 'How many messages may be in flight'),
  inFlight: gauge('in_flight', 'Messages in slots: in flight, or kept until the bridge runs again'),
  lag: gauge('lag_messages', 'Messages that wait in the queue of a bridge out of it'),
  oldest: gauge('oldest_in_flight_seconds', 'Seconds since the oldest of them was taken out of the queue'),
  position: gauge('position', 'Highest sequence of the stream that is done with'),
  acked: counter('acked', 'Messages that arrived'),
  lookedUp: counter('looked_up', 'Messages that a look-up found in the stream'),
  again: counter('published_again', 'Messages that were published again'),
  inDoubt: counter('in_doubt', 'Messages that may have been sent when a bridge was killed'),
  sentAgain: counter('in_doubt_sent_again', 'Those that were sent again'),
  skipped: counter('in_doubt_skipped', 'Those that were skipped'),
  dead: counter('dead_lettered', 'Messages that went to the dead subject'),
  passedOver: counter('passed_over', 'Messages that can never arrive, and were passed over'),
  unreadable: gauge('unreadable', 'Bridges whose slots this user may not read', []),
} as const satisfies Record<string, MetricDefinition>;
