import type { ExitCode } from '../exit-code.js';

/** What a word can be completed with; a list is the words themselves. */
export type Completion =
  | readonly string[]
  | 'queue'
  | 'queue-key'
  | 'queue-id'
  | 'segment-key'
  | 'segment-id'
  | 'semaphore-key'
  | 'semaphore-id'
  | 'columns'
  | 'sort'
  | 'condition'
  | 'file'
  | 'user'
  | 'group';

export interface ArgumentRow {
  /** As commander and --help write it: `<queue>`, `[body...]`. */
  readonly syntax: string;
  readonly help: string;
  readonly completes?: Completion;
}

export interface OptionRow {
  /** As commander has it: `-Q, --queue-key <key>`. */
  readonly flags: string;
  readonly help: string;
  readonly completes?: Completion;
  /** May be given many times; its values are gathered in a list. */
  readonly repeats?: true;
}

/** What a verb's file exports. The options are those of its row, under commander's names. */
export interface Command {
  run(words: readonly string[], options: never): Promise<ExitCode>;
}

/** One verb: help, parsing and completion are made from it. */
export interface Verb {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  readonly arguments: readonly ArgumentRow[];
  readonly options: readonly OptionRow[];
  /** Printed below the options of `VERB --help`. */
  readonly epilogue?: () => Promise<string>;
  /** Its file is loaded when it is used, and only then. */
  readonly load: () => Promise<Command>;
}
