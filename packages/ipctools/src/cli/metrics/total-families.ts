import type { MetricFamily, MetricSample } from '@timeq/cli-kit/metrics/exposition';
import { VERDICTS } from '../../evidence/rules.js';
import type { ObjectSample } from '../../metrics/object-sampler.js';
import { KINDS } from '../../model/kind-names.js';
import type { Limit } from '../../model/limits.js';
import type { PosixSample } from '../../posix/sampler.js';
import { METRICS } from './definitions.js';
import { posixCounts } from './posix-families.js';

/** The metrics of all objects together, and of the kernel's limits. */
export function totalFamilies(sample: ObjectSample, posix: PosixSample): MetricFamily[] {
  const ofKinds = [
    ...KINDS.map((kind) => [kind, sample.limits[kind]] as const),
    ['posix', posix.limits] as const,
  ];
  const limits = (value: (limit: Limit) => Limit['inUse']): MetricSample[] =>
    ofKinds.flatMap(([kind, all]) =>
      all.flatMap((limit) => {
        const amount = value(limit);
        return amount === undefined ? [] : [{ labels: { kind, limit: limit.name }, value: Number(amount) }];
      }),
    );
  return [
    {
      definition: METRICS.objects,
      samples: [
        ...KINDS.flatMap((kind) =>
          VERDICTS.map((verdict) => ({ labels: { kind, verdict }, value: sample.counts[kind][verdict] })),
        ),
        ...posixCounts(posix),
      ],
    },
    { definition: METRICS.messages, samples: [{ value: sample.all.messages }] },
    { definition: METRICS.messageBytes, samples: [{ value: sample.all.bytes }] },
    { definition: METRICS.segmentBytes, samples: [{ value: sample.segmentBytes }] },
    { definition: METRICS.limit, samples: limits(({ value }) => value) },
    { definition: METRICS.limitInUse, samples: limits(({ inUse }) => inUse) },
    { definition: METRICS.blockedKnown, samples: [{ value: sample.blockedKnown ? 1 : 0 }] },
  ];
}
