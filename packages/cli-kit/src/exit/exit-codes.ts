import { constants } from 'node:os';

/** What every command ends with; 3 is each program's own. */
export const EXIT = { done: 0, failed: 1, usage: 2, timedOut: 4, notPermitted: 5 } as const;

/** Exit codes and what they mean, for `--help`. */
export type ExitMeanings = ReadonlyArray<readonly [exitCode: number, meaning: string]>;

/** What shells report of a process that a signal ended: 128 and the signal's number. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** The command ends with an exit code, and one sentence for the user. */
export class ExitError extends Error {
  override readonly name: string = 'ExitError';
  readonly exitCode: number;

  constructor(exitCode: number, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.exitCode = exitCode;
  }
}
