import type { Labels, MetricDefinition, MetricFamily } from '@timeq/cli-kit/metrics/exposition';
import { formatKey } from '@timeq/mq-native';
import type { ObjectSample } from '../../metrics/object-sampler.js';
import type { ServerReport } from '../check/server.js';
import { METRICS } from './definitions.js';
import { leavesRequestsUnread } from './unread-requests.js';

/** How many servers are asked at once: each request is a message, and any user can hold semaphores. */
const MOST_SERVERS = 64;

interface FoundServer {
  readonly of: Labels;
  readonly report: ServerReport;
}

/** Asks the time servers that hold a liveness semaphore. @param timeout milliseconds */
export async function serverFamilies(
  { served, now }: ObjectSample,
  timeout: number,
): Promise<MetricFamily[]> {
  const asked = served.slice(0, MOST_SERVERS);
  const servers = await Promise.all(
    asked.map(async ({ entry, semaphore }): Promise<FoundServer> => {
      const { key, id } = entry;
      const of = { key: formatKey(key), id: String(id) };
      if (semaphore.state !== 'held' || leavesRequestsUnread(entry, now, timeout)) {
        return { of, report: { answered: false } };
      }
      const { askServer } = await import('../check/server.js');
      return { of, report: await askServer(key, timeout) };
    }),
  );
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
    { definition: METRICS.serversLeftOut, samples: [{ value: served.length - asked.length }] },
  ];
}
