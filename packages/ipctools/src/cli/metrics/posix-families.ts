import type { Labels, MetricFamily, MetricSample } from '@timeq/cli-kit/metrics/exposition';
import { escapeText } from '@timeq/cli-kit/text/escape';
import { VERDICTS } from '../../evidence/rules.js';
import type { PosixKind } from '../../model/posix/objects.js';
import { fullnessOf, type PosixSample, type SampledPosixQueue } from '../../posix/sampler.js';
import { METRICS } from './definitions.js';

/** The kinds as labels, in the plural as those of System V. */
const KINDS: ReadonlyArray<readonly [PosixKind, label: string, place: keyof PosixSample['visible']]> = [
  ['posix queue', 'posix queues', 'queues'],
  ['posix memory', 'posix memory', 'memory'],
  ['posix semaphore', 'posix semaphores', 'memory'],
];

interface Labelled {
  readonly queue: SampledPosixQueue;
  readonly sharedLabels: Labels;
}

/** Queues with their labels, each label once: escaped, names that differ can be the same. */
function labelled({ queues, owners }: PosixSample): Labelled[] {
  const byName = new Map<string, Labelled>();
  for (const queue of queues) {
    const name = escapeText(queue.object.name);
    const owner = escapeText(owners.user(queue.object.uid));
    if (!byName.has(name)) byName.set(name, { queue, sharedLabels: { name, owner } });
  }
  return [...byName.values()];
}

/** The metrics of POSIX objects. What can't be seen has no sample, and `visible` says so. */
export function posixFamilies(sample: PosixSample): MetricFamily[] {
  const { visible, leftOut, unreadable, memoryBytes, now } = sample;
  const queues = labelled(sample);
  const samples = (value: (queue: SampledPosixQueue) => number | undefined): MetricSample[] =>
    queues.flatMap(({ queue, sharedLabels }) => {
      const known = value(queue);
      return known === undefined ? [] : [{ sharedLabels, value: known }];
    });
  const ifVisible = (place: keyof PosixSample['visible'], value: number): MetricSample[] =>
    visible[place] ? [{ value }] : [];
  return [
    { definition: METRICS.posixQueueMessages, samples: samples(({ contents }) => contents.messages) },
    { definition: METRICS.posixQueueBytes, samples: samples(({ contents }) => contents.bytes) },
    { definition: METRICS.posixQueueLimit, samples: samples(({ contents }) => contents.maxMessages) },
    { definition: METRICS.posixQueueFullness, samples: samples(fullnessOf) },
    {
      definition: METRICS.posixQueueUseAge,
      samples: samples(({ object }) => Math.max(0, now - object.useTime)),
    },
    { definition: METRICS.posixLeftOutQueues, samples: ifVisible('queues', leftOut.queues) },
    { definition: METRICS.posixLeftOutMessages, samples: ifVisible('queues', leftOut.messages) },
    { definition: METRICS.posixUnreadableQueues, samples: ifVisible('queues', unreadable) },
    { definition: METRICS.posixMemoryBytes, samples: ifVisible('memory', memoryBytes) },
    {
      definition: METRICS.posixVisible,
      samples: [
        { labels: { place: '/dev/mqueue' }, value: visible.queues ? 1 : 0 },
        { labels: { place: '/dev/shm' }, value: visible.memory ? 1 : 0 },
      ],
    },
  ];
}

/** How many POSIX objects have which verdict; those of a place that is not mounted are unknown. */
export function posixCounts({ counts, visible }: PosixSample): MetricSample[] {
  return KINDS.filter(([, , place]) => visible[place]).flatMap(([kind, label]) =>
    VERDICTS.map((verdict) => ({ labels: { kind: label, verdict }, value: counts[kind][verdict] })),
  );
}
