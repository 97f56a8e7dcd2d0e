import type { OptionRow } from './verb.js';

/** --json, and the way in which kubectl and others have it. */
export function jsonOptions(help: string): readonly OptionRow[] {
  return [
    { flags: '--json', help },
    {
      flags: '-o, --output <format>',
      help: 'the same as --json',
      choices: ['json'],
      implies: { json: true },
    },
  ];
}
