/** The command line of one of the tests' own programs is wrong: a sentence for the user. */
export class WrongUsage extends Error {}

/**
 * Runs such a program. A wrong command line is that sentence on standard error, and exit code 2.
 * @param listed what its --help lists beside the options: `faults`
 */
export async function runProgram(listed: string, main: () => void | Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof WrongUsage) && !isWrongOption(error)) throw error;
    console.error(`${error.message.replace(/\. .*/, '')}; --help lists the options and the ${listed}`);
    process.exitCode = 2;
  }
}

/** As parseArgs of node:util throws it. */
function isWrongOption(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
