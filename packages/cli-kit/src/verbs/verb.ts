import type { ExitMeanings } from '../exit/exit-codes.js';

/** A word that can stand at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** What a word is completed with: these words, the name of a file, or what is looked up once it is asked for. */
export type Completion =
  | readonly string[]
  | 'file'
  | ((current: string, operands: readonly string[]) => Promise<readonly Candidate[]>);

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
  /** What holds without it, for --help. */
  readonly otherwise?: string;
  readonly completes?: Completion;
  /** May be given many times; its values are gathered in a list. */
  readonly repeats?: true;
}

export type Example = readonly [commandLine: string, what: string];

/** What a verb's file exports. The options have commander's names, and their values are the words as they were typed. */
export interface Command {
  /** @returns the exit code */
  run(words: readonly string[], options: never): Promise<number>;
}

/** One verb. Parsing, help and completion are made from it. */
export interface Verb {
  readonly name: string;
  readonly alias?: string;
  readonly summary: string;
  readonly arguments?: readonly ArgumentRow[];
  readonly options: readonly OptionRow[];
  /** What its help says below the options. */
  readonly details?: string | (() => Promise<string>);
  readonly examples?: readonly Example[];
  /** Loads its file, which no other verb waits for. */
  readonly load: () => Promise<Command>;
}

/** A program with a command line of its own, which is handed over as it is. */
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
  /** What runs where no verb is named. Its options stand in the program's own help. */
  readonly unnamed: Verb;
  readonly others?: ReadonlyMap<string, OtherProgram>;
  /** What its help says below the verbs. */
  readonly details: string;
  readonly examples: readonly Example[];
  readonly exitCodes: ExitMeanings;
  /** What to say of a word that is no verb, where there is more to say than which verb is near. */
  readonly meant?: (word: string) => string | undefined;
  /** What to tell of an error; undefined for a fault of the program, which deserves its stack trace. */
  readonly explain: (error: unknown) => { readonly message: string; readonly exitCode: number } | undefined;
}
