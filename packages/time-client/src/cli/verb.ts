import type { OptionName } from './options/table.js';
import type { Settings } from './settings.js';

/** Does what a verb says. Resolves with the exit code. */
export type Run = (settings: Settings, signal: AbortSignal) => Promise<number>;

export interface Verb {
  readonly name: string;
  /** One line for the program's help. */
  readonly summary: string;
  /** What the verb's own help says besides. */
  readonly details: string;
  readonly options: readonly OptionName[];
  /** Help of options where it is not the same for all verbs. */
  readonly optionHelp?: Readonly<Partial<Record<OptionName, string>>>;
  readonly examples: ReadonlyArray<readonly [command: string, what: string]>;
  /** Loads the verb's code, which no other verb waits for. */
  readonly load: () => Promise<Run>;
}
