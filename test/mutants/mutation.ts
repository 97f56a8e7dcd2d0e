/** One small mistake, made at one place of a source file. */
export interface Mutation {
  /** The file, from the root of the checkout. */
  readonly file: string;
  /** How the mutated program misbehaves, from a user's point of view. */
  readonly what: string;
  /** A text that occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Words that select the tests that should catch it, as for `npm test`. */
  readonly tests: readonly string[];
  /** Whether those tests run the commands, which are then bundled with the mutation. */
  readonly runsCommands: boolean;
  /** Why no test can or should catch it. A surviving mutation without a reason is a failure. */
  readonly accepted?: string;
}

type Listed = Omit<Mutation, 'file' | 'tests' | 'runsCommands'>;

/** Mutations of a file whose tests load it themselves. @param tests words, as for `npm test` */
export function inFile(file: string, tests: string, mutations: readonly Listed[]): Mutation[] {
  return mutations.map((each) => ({ ...each, file, tests: tests.split(' '), runsCommands: false }));
}

/** Mutations of a file whose tests run the commands. @param tests words, as for `npm test` */
export function inCommand(file: string, tests: string, mutations: readonly Listed[]): Mutation[] {
  return mutations.map((each) => ({ ...each, file, tests: tests.split(' '), runsCommands: true }));
}

/** A part of the project that guards a promise. */
export interface GuardedModule {
  readonly name: string;
  readonly mutations: readonly Mutation[];
}

/** The share of a module's mutations that must be caught. */
export const WANTED_SHARE = 0.9;

/** A mutation with the name of its module. */
export interface Task extends Mutation {
  readonly module: string;
}

export function tasksOf(modules: readonly GuardedModule[]): Task[] {
  return modules.flatMap(({ name, mutations }) =>
    mutations.map((mutation) => ({ ...mutation, module: name })),
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
