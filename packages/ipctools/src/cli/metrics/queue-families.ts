import type { Labels, MetricFamily, MetricSample } from '@timeq/cli-kit/metrics/exposition';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { formatKey } from '@timeq/mq-native';
import type { ObjectSample, SampledQueue } from '../../metrics/object-sampler.js';
import { fullness } from '../../model/queue-state.js';
import { METRICS } from './definitions.js';

/** The metrics of each queue, and what was left out. A value that is unknown has no sample. */
export function queueFamilies({ queues, leftOut, owners, now }: ObjectSample): MetricFamily[] {
  const labelled = queues.map((queue) => ({ queue, of: labelsOf(queue, owners.user(queue.entry.uid)) }));
  const samples = (value: (queue: SampledQueue) => number | undefined): MetricSample[] =>
    labelled.flatMap(({ queue, of }) => {
      const known = value(queue);
      return known === undefined ? [] : [{ of, value: known }];
    });
  const age = (time: number): number | undefined => (time === 0 ? undefined : Math.max(0, now - time));
  const blocked = (wanted: 'msgsnd' | 'msgrcv') =>
    samples(({ waiting }) => waiting?.filter(({ call }) => call === wanted).length);
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
      samples: labelled.map(({ queue: { verdict }, of }) => ({ of, labels: { verdict }, value: 1 })),
    },
    { definition: METRICS.leftOutQueues, samples: [{ value: leftOut.queues }] },
    { definition: METRICS.leftOutMessages, samples: [{ value: leftOut.messages }] },
    { definition: METRICS.leftOutBytes, samples: [{ value: leftOut.bytes }] },
  ];
}

function labelsOf({ entry: { key, id } }: SampledQueue, owner: string): Labels {
  return { key: formatKey(key), id: String(id), owner: escapeText(owner) };
}

function ratioOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}
