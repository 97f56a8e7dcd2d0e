import type { Labels, MetricFamily, MetricSample } from '@timeq/cli-kit/metrics/exposition';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { formatKey } from '@timeq/mq-native';
import type { ObjectSample, SampledQueue } from '../../metrics/object-sampler.js';
import { fullness } from '../../model/queue-state.js';
import { METRICS } from './definitions.js';

const VERDICT_LABELS = {
  stale: { verdict: 'stale' },
  unknown: { verdict: 'unknown' },
  idle: { verdict: 'idle' },
  live: { verdict: 'live' },
} as const;

/** A queue's labels, and what they were made of. */
interface Known {
  readonly key: number;
  readonly uid: number;
  readonly labels: Labels;
}

/** The labels of queues, the same objects again in the next sample: making them costs more than a value. */
export class QueueLabels {
  #known = new Map<number, Known>();

  /** Those of each queue in the sample; the others are forgotten. */
  of({ queues, owners }: ObjectSample): Labels[] {
    const before = this.#known;
    this.#known = new Map();
    return queues.map(({ entry: { key, id, uid } }) => {
      let known = before.get(id);
      if (known?.key !== key || known.uid !== uid) {
        const labels = { key: formatKey(key), id: String(id), owner: escapeText(owners.user(uid)) };
        known = { key, uid, labels };
      }
      this.#known.set(id, known);
      return known.labels;
    });
  }
}

/** The metrics of each queue, and what was left out. A value that is unknown has no sample. */
export function queueFamilies(sample: ObjectSample, labels: QueueLabels): MetricFamily[] {
  const { queues, leftOut, now } = sample;
  const labelled = labels.of(sample);
  const samples = (value: (queue: SampledQueue) => number | undefined): MetricSample[] => {
    const known: MetricSample[] = [];
    for (const [index, queue] of queues.entries()) {
      const sampled = value(queue);
      const sharedLabels = labelled[index];
      if (sampled !== undefined && sharedLabels !== undefined) known.push({ sharedLabels, value: sampled });
    }
    return known;
  };
  const age = (time: number): number | undefined => (time === 0 ? undefined : Math.max(0, now - time));
  const blocked = (wanted: 'msgsnd' | 'msgrcv') =>
    samples(
      ({ waiting }) =>
        waiting && (waiting.length === 0 ? 0 : waiting.filter(({ call }) => call === wanted).length),
    );
  return [
    { definition: METRICS.queueMessages, samples: samples(({ entry }) => entry.messages) },
    { definition: METRICS.queueBytes, samples: samples(({ entry }) => entry.bytes) },
    { definition: METRICS.queueLimit, samples: samples(({ entry }) => entry.maxBytes) },
    { definition: METRICS.queueFullness, samples: samples(({ entry }) => ratioOf(fullness(entry))) },
    { definition: METRICS.queueBlockedSenders, samples: blocked('msgsnd') },
    { definition: METRICS.queueBlockedReceivers, samples: blocked('msgrcv') },
    { definition: METRICS.queueSendAge, samples: samples(({ entry }) => age(entry.sendTime)) },
    { definition: METRICS.queueReceiveAge, samples: samples(({ entry }) => age(entry.receiveTime)) },
    {
      definition: METRICS.queueVerdict,
      samples: queues.map(({ verdict }, index) => ({
        sharedLabels: labelled[index] ?? {},
        labels: VERDICT_LABELS[verdict],
        value: 1,
      })),
    },
    { definition: METRICS.leftOutQueues, samples: [{ value: leftOut.queues }] },
    { definition: METRICS.leftOutMessages, samples: [{ value: leftOut.messages }] },
    { definition: METRICS.leftOutBytes, samples: [{ value: leftOut.bytes }] },
  ];
}

function ratioOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}
