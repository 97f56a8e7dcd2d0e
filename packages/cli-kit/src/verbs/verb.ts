import type { ExitMeanings } from '../exit/exit-codes.js';

/** A word that can be completed at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** How a word is completed: from these words, with the name of a file, or from a look-up. */
export type Completion =
  | readonly string[]
  | 'file'
  | ((current: string, operands: readonly string[]) => Promise<readonly Candidate[] | 'file'>);

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
  /** The only values that it takes. They are completed, too. */
  readonly choices?: readonly string[];
  /** The default, for --help. */
  readonly otherwise?: string;
  readonly completes?: Completion;
  /** The options that it sets besides itself, under commander's names. */
  readonly implies?: Readonly<Record<string, unknown>>;
  /** Can be given several times; its values are gathered in a list. */
  readonly repeats?: true;
  /** An empty value means something; elsewhere it is refused. */
  readonly mayBeEmpty?: true;
}

export type Example = readonly [commandLine: string, what: string];

/** The exports of a verb's file. The options have commander's names, and their values are the words as typed. */
export interface Command {
  /** @returns the exit code */
  run(words: readonly string[], options: never): Promise<number>;
}

/** One verb. Parsing, help and completion are made from it. */
export interface Verb {
  readonly name: string;
  readonly alias?: string;
  /** Words of other programs that are typed for it: they are answered with its name. */
  readonly typedAs?: readonly string[];
  readonly summary: string;
  readonly arguments?: readonly ArgumentRow[];
  readonly options: readonly OptionRow[];
  /** The text below the options in its help. */
  readonly details?: string | (() => Promise<string>);
  readonly examples?: readonly Example[];
  /** Its exit codes, where they are not those of the program. */
  readonly exitCodes?: ExitMeanings;
  /** How it tells of a failure, where that is not one sentence on standard error: the line on standard output, and the code. */
  readonly failing?: (message: string) => { readonly line: string; readonly exitCode: number };
  /** Loads its file, which other verbs do not need. */
  readonly load: () => Promise<Command>;
}

/** A program with its own command line, which is passed on unchanged. */
export interface OtherProgram {
  readonly help: string;
  readonly load: () => Promise<{ run(argv: string[]): Promise<number> }>;
}

/** A command with all its verbs. */
export interface Program {
  readonly name: string;
  readonly version: () => string;
  readonly description: string;
  readonly verbs: readonly Verb[];
  /** The default verb. Its options are in the program's own help. */
  readonly unnamed: Verb;
  readonly others?: ReadonlyMap<string, OtherProgram>;
  /** The text below the verbs in its help. */
  readonly details: string;
  readonly examples: readonly Example[];
  readonly exitCodes: ExitMeanings;
  /** The sentence for an unknown verb, if there is more to say than which verb is near. */
  readonly meant?: (word: string) => string | undefined;
  /** The sentence for an error; undefined for a bug, which deserves its stack trace. */
  readonly explain: (error: unknown) => { readonly message: string; readonly exitCode: number } | undefined;
}
