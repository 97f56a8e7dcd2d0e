import { UsageError } from '../../args/usage-error.js';
import { EXIT } from '../../exit/exit-codes.js';
import { Output } from '../../output/output.js';
import { jsonText } from '../../text/escape.js';
import { scriptFor } from './scripts.js';
import { SHELLS } from './shells.js';

export async function printScript(
  program: string,
  [word = '']: readonly string[],
  options: { readonly json?: true },
): Promise<number> {
  const shell = SHELLS.find((name) => name === word);
  if (shell === undefined)
    throw new UsageError(`no completion for '${word}'; use one of ${SHELLS.join(', ')}`);
  const script = scriptFor(shell, program);
  await new Output().deliver(options.json ? `${jsonText({ completion: { shell, script } })}\n` : script);
  return EXIT.done;
}
