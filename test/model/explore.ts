/** One thing that can happen next. */
export interface Transition<State> {
  readonly name: string;
  readonly next: State;
  /** Whether the code does it, which it is bound to, or the world around it, which it may not count on. */
  readonly by: 'code' | 'world';
}

/** A system to be checked: every state it can be in, by what can happen in each. */
export interface Model<State> {
  readonly initial: State;
  /** Everything that can happen in a state, in any order. */
  transitions(state: State): ReadonlyArray<Transition<State>>;
  /** What is wrong in a state, whatever happens next; undefined: nothing. */
  wrong(state: State): string | undefined;
  /** What is wrong in a state in which the code has nothing more to do until the world does something. */
  wrongAtRest(state: State): string | undefined;
}

/** What `explore` found. */
export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** In how many states the code has nothing to do. */
  readonly atRest: number;
  /** The first thing that is wrong, with the shortest way there; undefined: nothing is. */
  readonly failure?: { readonly what: string; readonly trace: readonly string[] };
}

interface Found<State> {
  readonly state: State;
  readonly from: string | undefined;
  readonly name: string;
}

/**
 * Goes through all states that can be reached, breadth first. Beside what the model calls wrong it finds livelocks:
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

  // A Map can be gone through while it grows, in the order in which it grew.
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
