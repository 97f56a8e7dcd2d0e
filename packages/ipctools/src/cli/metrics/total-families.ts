import type { MetricFamily, MetricSample } from '@timeq/cli-kit/metrics/exposition';
import { VERDICTS } from '../../evidence/rules.js';
import type { ObjectSample } from '../../metrics/object-sampler.js';
import { KINDS } from '../../model/kind-names.js';
import type { Limit } from '../../model/limits.js';
import { METRICS } from './definitions.js';

/** The metrics of all objects together, and of the kernel's limits. */
export function totalFamilies(sample: ObjectSample): MetricFamily[] {
  const limits = (value: (limit: Limit) => Limit['inUse']): MetricSample[] =>
    KINDS.flatMap((kind) =>
      sample.limits[kind].flatMap((limit) => {
        const amount = value(limit);
        return amount === undefined ? [] : [{ labels: { kind, limit: limit.name }, value: Number(amount) }];
      }),
    );
  return [
    {
      definition: METRICS.objects,
      samples: KINDS.flatMap((kind) =>
        VERDICTS.map((verdict) => ({ labels: { kind, verdict }, value: sample.counts[kind][verdict] })),
      ),
    },
    { definition: METRICS.messages, samples: [{ value: sample.all.messages }] },
    { definition: METRICS.messageBytes, samples: [{ value: sample.all.bytes }] },
    { definition: METRICS.segmentBytes, samples: [{ value: sample.segmentBytes }] },
    { definition: METRICS.limit, samples: limits(({ value }) => value) },
    { definition: METRICS.limitInUse, samples: limits(({ inUse }) => inUse) },
    { definition: METRICS.blockedKnown, samples: [{ value: sample.blockedKnown ? 1 : 0 }] },
  ];
}
