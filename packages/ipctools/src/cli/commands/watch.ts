import { readPause } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { isDumb } from '@timeq/cli-kit/text/dumb';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';
import { canAsk } from '@timeq/cli-kit/prompts/confirm';
import { Facts } from '../../model/facts.js';
import { openTarget } from '../../model/find-queue.js';
import { chooseColumns } from '../../render/columns/choose.js';
import { parseConditions } from '../../render/columns/filter.js';
import { sortEntries } from '../../render/columns/sort.js';
import { Sampler } from '../../watch/sampler.js';
import type { NamespaceOptions } from '../across-namespaces.js';
import { readQueueTarget } from '@timeq/cli-kit/args/queue-target';
import { BUSIEST_FIRST, WATCH_COLUMNS } from '../watch/columns.js';
import { writeSamples } from '../watch/lines.js';
import { rememberColumns, rememberedColumns } from '../watch/remembered-columns.js';
import { watchOnTerminal, type WatchPlan } from '../watch/watch-screen.js';
import { criteriaFrom, type CriteriaOptions } from '../criteria.js';

export interface WatchOptions extends NamespaceOptions, CriteriaOptions {
  readonly interval?: string;
  readonly count?: string;
  readonly columns?: string;
  readonly sort?: string;
  readonly filter?: readonly string[];
  readonly readOnly?: true;
  readonly json?: true;
}

/** With less, sampling would be all that the machine does. */
const SHORTEST_INTERVAL = 50;

/** Why `x` cleans nothing. */
function refusalOf({ readOnly, namespace }: WatchOptions): string | undefined {
  if (readOnly === true) return 'nothing is cleaned: this was started with --read-only';
  if (namespace !== undefined) return 'cleaning is for the own IPC namespace only';
  return canAsk() ? undefined : 'nothing is cleaned: it takes a terminal to ask';
}

/** The remembered columns, if they can still be shown. */
function columnsFromLastTime(): Pick<WatchPlan, 'columns'> & { readonly message: string } {
  const columns = rememberedColumns();
  try {
    if (columns !== undefined) chooseColumns(WATCH_COLUMNS, columns);
    return { columns, message: '' };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { columns: undefined, message: `the usual columns are shown: ${error.message}` };
  }
}

export async function run(words: readonly string[], options: WatchOptions): Promise<number> {
  const targets = words.map(readQueueTarget);
  const interval = readPause(options.interval ?? '1s', SHORTEST_INTERVAL);
  const count = options.count === undefined ? Infinity : readCount(options.count, 'number of samples');
  const { columns, sort = BUSIEST_FIRST, filter: conditions = [] } = options;
  const criteria = criteriaFrom(options);
  const facts = new Facts();
  if (columns !== undefined) chooseColumns(WATCH_COLUMNS, columns);
  sortEntries([], sort, WATCH_COLUMNS, facts);
  parseConditions(conditions, WATCH_COLUMNS, facts);
  // A named queue that does not exist is a mistake; one that is removed while it is watched may come back.
  if (options.namespace === undefined) for (const target of targets) openTarget(target).close();
  const sampler = new Sampler(targets, options.namespace, (sentence) => note(`ipctools: ${sentence}`));
  const plan = { interval, count, columns, sort, conditions };
  const onTerminal = options.json !== true && screenOf().isTerminal && !isDumb();
  if (!onTerminal) return writeSamples(sampler, plan, new Output());
  const last = columns === undefined ? columnsFromLastTime() : { columns, message: rememberColumns(columns) };
  const { cleanQueues } = await import('../watch/clean-queues.js');
  return watchOnTerminal(
    { ...plan, columns: last.columns },
    {
      sampler,
      clean: (queues) => cleanQueues(queues, criteria),
      refusal: refusalOf(options),
      message: last.message ?? '',
    },
  );
}
