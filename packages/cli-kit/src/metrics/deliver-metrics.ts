import { UsageError } from '../args/usage-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { Output } from '../output/output.js';
import type { ServiceManager } from '../service/service-manager.js';
import { Interruption } from '../signals/interruption.js';
import { expose, type MetricFamily } from './exposition.js';
import { formatAddress, readListenAddress } from './listen-address.js';
import { MetricsServer } from './metrics-server.js';
import { writeWhole } from './write-whole.js';

/** The options that say where metrics go. */
export interface DeliveryOptions {
  readonly textfile?: string;
  readonly listen?: string;
}

type Collect = () => Promise<readonly MetricFamily[]>;

/**
 * Prints metrics, writes them to a file, or serves them until a signal.
 * @param manager tells the service manager, and a log, of the events `listening` and `stopping`
 * @returns the exit code
 */
export async function deliverMetrics(
  { textfile, listen }: DeliveryOptions,
  collect: Collect,
  manager: () => ServiceManager,
): Promise<number> {
  if (textfile !== undefined && listen !== undefined) {
    throw new UsageError('use either --textfile or --listen');
  }
  if (listen !== undefined) return await serve(listen, collect, manager);
  if (textfile === undefined) await new Output().deliver(await expose(await collect(), 'openmetrics'));
  else writeWhole(textfile, await expose(await collect(), 'text'));
  return EXIT.done;
}

async function serve(listen: string, collect: Collect, manage: () => ServiceManager): Promise<number> {
  const wanted = readListenAddress(listen);
  using interruption = new Interruption();
  await using server = await MetricsServer.listen(wanted, collect);
  using manager = manage();
  const url = `http://${formatAddress(server.address)}/metrics`;
  manager.hear({
    level: 'info',
    event: 'listening',
    message: `metrics are at ${url}; stop it with Ctrl-C`,
    details: { url },
  });
  await new Promise((resolve) => {
    if (interruption.signal.aborted) resolve(undefined);
    interruption.signal.addEventListener('abort', resolve);
  });
  manager.hear({ level: 'info', event: 'stopping', message: 'stopping', details: {} });
  return EXIT.done;
}
