import { readWait } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { isDumb } from '@timeq/cli-kit/output/dumb';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { NamespaceOptions } from '../across-namespaces.js';
import { writeSamples } from '../watch/lines.js';
import { Sampler } from '../../watch/sampler.js';
import { watchOnTerminal } from '../watch/watch-screen.js';
import { openTarget } from '../../model/find-queue.js';
import { parseTarget } from '../target.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';

export interface WatchOptions extends NamespaceOptions {
  readonly interval?: string;
  readonly count?: string;
  readonly json?: true;
}

/** With less, sampling would be all that the machine does. */
const SHORTEST_INTERVAL = 50;

export async function run(words: readonly string[], options: WatchOptions): Promise<number> {
  const targets = words.map(parseTarget);
  const interval = readWait(options.interval ?? '1s');
  if (interval < SHORTEST_INTERVAL) throw new UsageError(`--interval is ${SHORTEST_INTERVAL}ms at least`);
  const count = options.count === undefined ? Infinity : readCount(options.count, 'number of samples');
  // A named queue that does not exist is a mistake; one that is removed while it is watched may come back.
  if (options.namespace === undefined) for (const target of targets) openTarget(target).close();
  const sampler = new Sampler(targets, options.namespace, (sentence) => note(`ipctools: ${sentence}`));
  const onTerminal = options.json !== true && screenOf().isTerminal && !isDumb();
  return onTerminal
    ? watchOnTerminal(sampler, { interval, count })
    : writeSamples(sampler, { interval, count }, new Output());
}
