/** One small mistake, made at one place of a source file. */
export interface Mutation {
  /** The file, from the root of the checkout. */
  readonly file: string;
  /** How the mutated program misbehaves, from a user's point of view. */
  readonly what: string;
  /** A text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Words that select the tests that should catch it, as for `npm test`; the module's by default. */
  readonly tests?: readonly string[];
  /** Whether those tests run the commands, which are then bundled with the mutation; the module's setting by default. */
  readonly runsCommands?: boolean;
  /** Why no test can or should catch it. A surviving mutation without a reason is a failure. */
  readonly accepted?: string;
}

/** A part of the project that guards a promise. */
export interface GuardedModule {
  readonly name: string;
  /** Words that select the tests that should catch its mutations, as for `npm test`. */
  readonly tests: readonly string[];
  readonly runsCommands?: boolean;
  readonly mutations: readonly Mutation[];
}

/** The share of a module's mutations that must be caught. */
export const WANTED_SHARE = 0.9;

/** A mutation with its module's settings. */
export interface Task extends Mutation {
  readonly module: string;
  readonly tests: readonly string[];
  readonly runsCommands: boolean;
}

export function tasksOf(modules: readonly GuardedModule[]): Task[] {
  return modules.flatMap(({ name, tests, runsCommands = false, mutations }) =>
    mutations.map((mutation) => ({ tests, runsCommands, ...mutation, module: name })),
  );
}

/** Applies the mutation to a file's text. @throws Error unless its place occurs exactly once */
export function mutate(text: string, { file, find, replace }: Mutation): string {
  const pieces = text.split(find);
  if (pieces.length !== 2) {
    const count = pieces.length === 1 ? 'is gone' : `is there ${pieces.length - 1} times`;
    throw new Error(`${file}: the place of a mutation ${count}: ${find.trim()}`);
  }
  return pieces.join(replace);
}
