import type { QueueEntry } from '@timeq/mq-native';
import type { Facts } from '../../model/facts.js';
import type { Condition } from '../../render/columns/filter.js';

/** The states of the monitoring plugins' contract, by their exit codes: https://www.monitoring-plugins.org/doc/guidelines.html */
export const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type State = (typeof STATES)[number];

/** From the best to the worst: a known problem is worse than an unknown state. */
const SEVERITY: readonly State[] = ['OK', 'UNKNOWN', 'WARNING', 'CRITICAL'];

export interface Conditions {
  readonly warning: readonly Condition<QueueEntry>[];
  readonly critical: readonly Condition<QueueEntry>[];
}

/** A queue's state, and the conditions that caused it. */
export interface QueueState {
  readonly entry: QueueEntry;
  readonly state: State;
  readonly because: readonly Condition<QueueEntry>[];
}

export function exitCodeOf(state: State): number {
  return STATES.indexOf(state);
}

/** The higher, the worse. */
export function severityOf(state: State): number {
  return SEVERITY.indexOf(state);
}

export function worstOf(states: Iterable<State>): State {
  let worst: State = 'OK';
  for (const state of states) if (severityOf(state) > severityOf(worst)) worst = state;
  return worst;
}

/** One condition that holds is enough. A condition whose value is not known leaves the queue unknown. */
export function stateOf(entry: QueueEntry, { warning, critical }: Conditions, facts: Facts): QueueState {
  const holding = (all: readonly Condition<QueueEntry>[]) => all.filter((each) => each.holds(entry));
  const unknown = [...critical, ...warning].filter((each) => !isKnown(each, entry, facts));
  const [state, because] = (
    [
      ['CRITICAL', holding(critical)],
      ['WARNING', holding(warning)],
      ['UNKNOWN', unknown],
    ] as const
  ).find(([, conditions]) => conditions.length > 0) ?? ['OK', []];
  return { entry, state, because };
}

/** An unknown verdict leaves `verdict=stale` unknown, but satisfies `verdict=unknown`. */
function isKnown({ column, word }: Condition<QueueEntry>, entry: QueueEntry, facts: Facts): boolean {
  if (column.name !== 'verdict') return column.isKnown(entry, facts);
  return word === 'unknown' || column.raw(entry, facts) !== 'unknown';
}
