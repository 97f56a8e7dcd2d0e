import { jsonOptions } from '../json-options.js';
import type { Verb } from '../verb.js';
import { SHELLS } from './shells.js';

/** The verb `completion` of a program. */
export function completionVerb(program: string): Verb {
  return {
    name: 'completion',
    summary: 'print the script that completes commands in a shell',
    arguments: [
      { syntax: '<shell>', help: SHELLS.join(', ').replace(/, (\w+)$/, ' or $1'), completes: SHELLS },
    ],
    options: jsonOptions('print JSON'),
    examples: [
      [`eval "$(${program} completion bash)"`, 'in ~/.bashrc'],
      [`${program} completion fish | source`, 'in ~/.config/fish/config.fish'],
    ],
    load: async () => {
      const { printScript } = await import('./command.js');
      return { run: (words, options) => printScript(program, words, options) };
    },
  };
}
