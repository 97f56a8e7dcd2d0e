import type { Facts } from '../../model/facts.js';
import type { Condition } from '../../render/columns/filter.js';

/** The states of the monitoring plugins' contract, by their exit codes: https://www.monitoring-plugins.org/doc/guidelines.html */
export const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type State = (typeof STATES)[number];

/** From the best to the worst: a known problem is worse than an unknown state. */
const SEVERITY: readonly State[] = ['OK', 'UNKNOWN', 'WARNING', 'CRITICAL'];

export interface Conditions<Entry> {
  readonly warning: readonly Condition<Entry>[];
  readonly critical: readonly Condition<Entry>[];
}

/** An object's state, and the conditions that caused it. */
export interface CheckedState<Entry> {
  readonly entry: Entry;
  readonly state: State;
  readonly because: readonly Condition<Entry>[];
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

/** One condition that holds is enough. A condition whose value is not known leaves the object unknown. */
export function stateOf<Entry>(
  entry: Entry,
  { warning, critical }: Conditions<Entry>,
  facts: Facts,
): CheckedState<Entry> {
  const holding = (all: readonly Condition<Entry>[]) => all.filter((each) => each.holds(entry));
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
function isKnown<Entry>({ column, word }: Condition<Entry>, entry: Entry, facts: Facts): boolean {
  if (column.name !== 'verdict') return column.isKnown(entry, facts);
  return word === 'unknown' || column.raw(entry, facts) !== 'unknown';
}
