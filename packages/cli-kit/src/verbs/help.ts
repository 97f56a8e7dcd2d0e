import type { ExitMeanings } from '../exit/exit-codes.js';
import { hang } from '../text/width.js';
import type { Example, Program, Verb } from './verb.js';

/** Help is for terminals of 80 columns. */
const WIDTH = 80;

/** The part of a verb's help below its options. */
export async function detailsOf({ details = '', examples = [], exitCodes = [] }: Verb): Promise<string> {
  const text = typeof details === 'string' ? details : await details();
  return sections([text, exampleText(examples), exitText(exitCodes)]);
}

/** The part of the program's help below its verbs. */
export function programDetails({ details, examples, exitCodes }: Program): string {
  return sections([details, exampleText(examples), exitText(exitCodes)]);
}

function exitText(exitCodes: ExitMeanings): string {
  if (exitCodes.length === 0) return '';
  const codes = exitCodes.flatMap(([code, meaning]) => hang(`  ${String(code).padEnd(4)} `, meaning, WIDTH));
  return `Exit codes:\n${codes.join('\n')}`;
}

function exampleText(examples: readonly Example[]): string {
  if (examples.length === 0) return '';
  return `Examples:\n${examples.map(([line, what]) => `  ${line}\n      ${what}`).join('\n')}`;
}

function sections(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => `\n${text}`)
    .join('\n');
}
