import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { Facts } from '../../model/facts.js';
import { parseCondition } from '../../render/columns/filter.js';
import { sortEntries } from '../../render/columns/sort.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';
import { WATCH_COLUMNS, type WatchColumn } from './columns.js';

type Test = (queue: WatchedQueue) => boolean;

/** The conditions of a line that is typed behind `/`: several are separated by commas. */
export function conditionsIn(typed: string): readonly string[] {
  return typed
    .split(',')
    .map((condition) => condition.trim())
    .filter((condition) => condition !== '');
}

/**
 * A condition as --filter takes it, or a text that any of the shown columns contains.
 * @throws UsageError, also for the beginning of a column's name: the rest is still to be typed
 */
function testOf(condition: string, shown: readonly WatchColumn[], facts: Facts): Test {
  if (/[<>=!~]/.test(condition)) return parseCondition(condition, WATCH_COLUMNS, facts);
  const wanted = condition.toLowerCase();
  if (WATCH_COLUMNS.some(({ name }) => name.startsWith(wanted)))
    throw new UsageError(`'${condition}' is not a condition yet; write it as 'messages>0'`);
  return (queue) => shown.some((column) => column.text(queue, facts).toLowerCase().includes(wanted));
}

/** A test for what is typed. @throws UsageError */
export function filterOf(conditions: readonly string[], shown: readonly WatchColumn[], facts: Facts): Test {
  const tests = conditions.map((condition) => testOf(condition, shown, facts));
  return (queue) => tests.every((test) => test(queue));
}

/** The queues that satisfy all conditions, in the order of --sort. @throws UsageError */
export function arrange(
  queues: readonly WatchedQueue[],
  { sort, conditions }: { readonly sort: string; readonly conditions: readonly string[] },
  shown: readonly WatchColumn[],
  facts: Facts,
): readonly WatchedQueue[] {
  const arranged = queues.filter(filterOf(conditions, shown, facts));
  sortEntries(arranged, sort, WATCH_COLUMNS, facts);
  return arranged;
}
