import type { Labels, MetricDefinition, MetricFamily } from '@timeq/cli-kit/metrics/exposition';
import { formatKey } from '@timeq/mq-native';
import type { ObjectSample } from '../../metrics/object-sampler.js';
import type { ServerReport } from '../check/server.js';
import { askServers } from '../servers/ask-servers.js';
import { METRICS } from './definitions.js';

interface LabelledServer {
  readonly of: Labels;
  readonly report: ServerReport;
}

/** Asks the time servers that hold a liveness semaphore. @param timeout milliseconds */
export async function serverFamilies(sample: ObjectSample, timeout: number): Promise<MetricFamily[]> {
  const asked = await askServers(sample, timeout);
  const servers = asked.map(({ entry: { key, id }, report }): LabelledServer => ({
    of: { key: formatKey(key), id: String(id) },
    report,
  }));
  const gauge = (definition: MetricDefinition, value: (report: ServerReport) => number | undefined) => ({
    definition,
    samples: servers.flatMap(({ of, report }) => {
      const known = value(report);
      return known === undefined ? [] : [{ sharedLabels: of, value: known }];
    }),
  });
  const counter = (
    definition: MetricDefinition,
    label: string,
    counts: (report: ServerReport) => Readonly<Record<string, number>> | undefined,
  ) => ({
    definition,
    samples: servers.flatMap(({ of, report }) =>
      Object.entries(counts(report) ?? {}).map(([name, value]) => ({
        sharedLabels: of,
        labels: { [label]: name },
        value,
      })),
    ),
  });
  return [
    gauge(METRICS.serverUp, ({ answered }) => (answered === false ? 0 : 1)),
    gauge(METRICS.serverProbe, ({ seconds }) => seconds),
    counter(METRICS.serverRequests, 'kind', (report) => report.served),
    counter(METRICS.serverLost, 'reason', (report) => report.lost),
    gauge(METRICS.serverWaiting, ({ waiting }) => waiting),
    gauge(METRICS.serverAlarmsPending, ({ alarms }) => alarms?.pending),
    counter(METRICS.serverAlarms, 'outcome', ({ alarms }) => {
      if (alarms === undefined) return undefined;
      const { rung, late, dropped } = alarms;
      return { rung, late, dropped };
    }),
    { definition: METRICS.serversLeftOut, samples: [{ value: sample.served.length - asked.length }] },
  ];
}
