import { bytewise, errorTextOf, Output } from './output.js';
import { codeOf } from '../../failure.js';
import { OptionError } from './getopt.js';

/** Ends a program with exit code 1 and one line on standard error. */
export class Failure extends Error {
  /** True for a mistake in usage, after which `--help` is pointed to. */
  readonly tryHelp: boolean;
  /** A second line, for cases that the original does not have. */
  readonly addition: string | undefined;
  /** The error whose text ends the message, such as `ERANGE`. */
  readonly code: string | undefined;

  constructor(
    message: string,
    options: { tryHelp?: boolean; addition?: string; code?: string | undefined } & ErrorOptions = {},
  ) {
    super(message, options);
    this.tryHelp = options.tryHelp ?? false;
    this.addition = options.addition;
    this.code = options.code;
  }
}

/** Runs one of the programs. `body` gets what follows the program's name, and returns the exit code. */
export async function runProgram(
  name: string,
  argv: readonly string[],
  body: (argv: string[], output: Output) => number | Promise<number>,
): Promise<number> {
  const output = new Output(name);
  return await output.close(await guard(argv, output, body));
}

async function guard(
  argv: readonly string[],
  output: Output,
  body: (argv: string[], output: Output) => number | Promise<number>,
): Promise<number> {
  try {
    return await body(argv.map(bytewise), output);
  } catch (error) {
    if (error instanceof Failure || error instanceof OptionError) {
      const code = error instanceof Failure ? error.code : undefined;
      output.warn(code === undefined ? error.message : `${error.message}: ${await errorTextOf(code)}`);
      if (error instanceof Failure && error.addition !== undefined) output.warn(error.addition);
      if (error instanceof OptionError || error.tryHelp) output.tryHelp();
      return 1;
    }
    const code = codeOf(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    const text = await errorTextOf(code);
    output.warn(text === code ? error.message : text);
    return 1;
  }
}

/** The message for a text that is no number: `failed to parse argument: 'abc'`. */
export function unparsable(what: string, text: string, code?: string): Failure {
  return new Failure(`${what}: '${text}'`, { code });
}
