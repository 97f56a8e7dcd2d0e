import type { FoundVerb } from './find-verb.js';
import { flagsOf } from './options.js';
import type { Call } from './parse.js';

/**
 * What the parser returns where there is nothing to parse: loading it takes longer than all else that a command does
 * before its verb. Undefined where words are given or required.
 */
export function bareCall({ verb, words }: FoundVerb): Call | undefined {
  if (words.length > 0 || verb.arguments?.some(({ syntax }) => !syntax.startsWith('['))) return undefined;
  const flags = verb.options.flatMap(flagsOf);
  // As commander has it: without --no-header, and without an option --header, the header is wanted.
  const denied = flags
    .filter((flag) => flag.startsWith('--no-') && !flags.includes(flag.replace('--no-', '--')))
    .map((flag) => [camelCase(flag.slice('--no-'.length)), true]);
  return { words: [], options: Object.fromEntries(denied) as Call['options'] };
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
