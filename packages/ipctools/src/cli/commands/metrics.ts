import { readPause } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { deliverMetrics, type DeliveryOptions } from '@timeq/cli-kit/metrics/deliver-metrics';
import { ObjectSampler } from '../../metrics/object-sampler.js';
import { PosixSampler } from '../../posix/sampler.js';
import { posixFamilies } from '../metrics/posix-families.js';
import { queueFamilies, QueueLabels } from '../metrics/queue-families.js';
import { serverFamilies } from '../metrics/server-families.js';
import { totalFamilies } from '../metrics/total-families.js';
import { serviceManager } from '../service-manager.js';
import { criteriaFrom, type CriteriaOptions } from '../criteria.js';

interface MetricsOptions extends DeliveryOptions, CriteriaOptions {
  readonly maxSeries?: string;
  readonly timeout?: string;
}

const USUAL_QUEUES = '1000';
/** Less than Prometheus waits for a scrape. */
const USUAL_TIMEOUT = '2s';

export function run(_words: readonly string[], options: MetricsOptions): Promise<number> {
  const most = readCount(options.maxSeries ?? USUAL_QUEUES, 'number of queues', 0);
  const timeout = readPause(options.timeout ?? USUAL_TIMEOUT);
  const sampler = new ObjectSampler(criteriaFrom(options), most);
  const posixSampler = new PosixSampler(criteriaFrom(options), most);
  const labels = new QueueLabels();
  const collect = async () => {
    const sample = sampler.sample();
    const posix = posixSampler.sample();
    return [
      ...queueFamilies(sample, labels),
      ...totalFamilies(sample, posix),
      ...posixFamilies(posix),
      ...(await serverFamilies(sample, timeout)),
    ];
  };
  return deliverMetrics(options, collect, () =>
    serviceManager((sentence) => void process.stdout.write(`${sentence}\n`)),
  );
}
