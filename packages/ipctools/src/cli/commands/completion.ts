import { jsonText } from '@timeq/cli-kit/text/escape';
import { SCRIPTS, SHELLS } from '../completion/scripts.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { usageFailure } from '../../failure.js';
import { Output } from '../terminal/output.js';

export async function run(words: readonly string[], options: { readonly json?: true }): Promise<ExitCode> {
  const shell = SHELLS.find((name) => name === words[0]);
  if (shell === undefined)
    throw usageFailure(`no completion for '${words[0]}'; there is ${SHELLS.join(', ')}`);
  const script = SCRIPTS[shell];
  await new Output().deliver(options.json ? `${jsonText({ completion: { shell, script } })}\n` : script);
  return EXIT.done;
}
