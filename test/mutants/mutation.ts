/** One small mistake, made at one place of a source file. */
export interface Mutation {
  /** The file, from the root of the checkout. */
  readonly file: string;
  /** What is wrong with the program then, as a user would say it. */
  readonly what: string;
  /** A text that the file has exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Words that choose the tests that should notice, as for `npm test`; those of the module if not given. */
  readonly tests?: readonly string[];
  /** Whether those tests run the command lines, which are then bundled with the mistake; as the module says if not given. */
  readonly runsCommands?: boolean;
  /** Why no test can notice it, or none should. Without a reason, a survivor is a failure. */
  readonly accepted?: string;
}

/** A part of the project that guards a promise. */
export interface GuardedModule {
  readonly name: string;
  /** Words that choose the tests that should notice, as for `npm test`. */
  readonly tests: readonly string[];
  readonly runsCommands?: boolean;
  readonly mutations: readonly Mutation[];
}

/** The share of a module's mutations that must be caught. */
export const WANTED_SHARE = 0.9;

/** One mutation, and what it needs of its module. */
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

/** Makes the mistake in a file's text. @throws Error if its place is not there exactly once */
export function mutate(text: string, { file, find, replace }: Mutation): string {
  const pieces = text.split(find);
  if (pieces.length !== 2) {
    const count = pieces.length === 1 ? 'is gone' : `is there ${pieces.length - 1} times`;
    throw new Error(`${file}: the place of a mutation ${count}: ${find.trim()}`);
  }
  return pieces.join(replace);
}
