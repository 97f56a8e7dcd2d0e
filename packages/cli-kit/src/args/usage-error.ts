import { EXIT, ExitError } from '../exit/exit-codes.js';

/** The command line is wrong and nothing was done: one sentence for the user, exit code 2. */
export class UsageError extends ExitError {
  override readonly name = 'UsageError';

  constructor(sentence: string, options?: ErrorOptions) {
    super(EXIT.usage, sentence, options);
  }
}
