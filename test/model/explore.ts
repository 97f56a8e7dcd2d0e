/** A step that is possible in a state. */
export interface Transition<State> {
  readonly name: string;
  readonly next: State;
  /** The code is certain to make its steps at some time; it may not rely on steps of the world. */
  readonly by: 'code' | 'world';
}

/** A system to check: its states, as an initial one and the transitions from each. */
export interface Model<State> {
  readonly initial: State;
  /** The transitions that are possible in a state, in any order. */
  transitions(state: State): ReadonlyArray<Transition<State>>;
  /** Which invariant a state violates; undefined if none. */
  wrong(state: State): string | undefined;
  /** Which invariant an idle state violates: one in which the code can only wait for the world. */
  wrongAtRest(state: State): string | undefined;
}

/** The result of `explore`. */
interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** The number of states in which the code is idle. */
  readonly atRest: number;
  /** The first violation, with the shortest trace to it; undefined if there is none. */
  readonly failure?: { readonly what: string; readonly trace: readonly string[] };
}

interface Found<State> {
  readonly state: State;
  readonly from: string | undefined;
  readonly name: string;
}

/**
 * Visits all reachable states, breadth first. Besides the violations that the model defines it finds livelocks:
 * states from which the code can never become idle by itself.
 */
export function explore<State>(model: Model<State>): Exploration {
  const found = new Map<string, Found<State>>();
  const comesFrom = new Map<string, string[]>();
  const resting: string[] = [];
  let transitions = 0;
  const first = JSON.stringify(model.initial);
  found.set(first, { state: model.initial, from: undefined, name: 'the beginning' });
  const fail = (key: string, what: string): Exploration => ({
    states: found.size,
    transitions,
    atRest: resting.length,
    failure: { what, trace: traceTo(found, key) },
  });

  // Iterating a Map visits entries that are added meanwhile, in insertion order (ECMA-262).
  for (const [key, { state }] of found) {
    const wrong = model.wrong(state);
    if (wrong !== undefined) return fail(key, wrong);
    let rests = true;
    for (const { name, next, by } of model.transitions(state)) {
      const nextKey = JSON.stringify(next);
      transitions += 1;
      if (!found.has(nextKey)) found.set(nextKey, { state: next, from: key, name });
      if (by === 'world' || nextKey === key) continue;
      rests = false;
      const known = comesFrom.get(nextKey);
      if (known === undefined) comesFrom.set(nextKey, [key]);
      else known.push(key);
    }
    if (!rests) continue;
    resting.push(key);
    const wrongAtRest = model.wrongAtRest(state);
    if (wrongAtRest !== undefined) return fail(key, wrongAtRest);
  }

  const restless = firstThatNeverRests(found.keys(), comesFrom, resting);
  if (restless !== undefined) return fail(restless, 'the code can never become idle');
  return { states: found.size, transitions, atRest: resting.length };
}

function firstThatNeverRests(
  keys: Iterable<string>,
  comesFrom: ReadonlyMap<string, readonly string[]>,
  resting: readonly string[],
): string | undefined {
  const canRest = new Set(resting);
  for (const key of canRest) for (const former of comesFrom.get(key) ?? []) canRest.add(former);
  for (const key of keys) if (!canRest.has(key)) return key;
  return undefined;
}

function traceTo<State>(found: ReadonlyMap<string, Found<State>>, key: string): string[] {
  const trace: string[] = [];
  for (let at: string | undefined = key; at !== undefined; at = found.get(at)?.from) {
    trace.unshift(`${found.get(at)?.name}: ${at}`);
  }
  return trace;
}
