import { wrap } from '../text/width.js';
import type { Example, Program, Verb } from './verb.js';

/** Help is for terminals of 80 columns. */
const WIDTH = 80;

/** The part of a verb's help below its options. */
export async function detailsOf({ details = '', examples = [] }: Verb): Promise<string> {
  return sections([typeof details === 'string' ? details : await details(), exampleText(examples)]);
}

/** The part of the program's help below its verbs. */
export function programDetails({ details, examples, exitCodes }: Program): string {
  const codes = exitCodes.flatMap(([code, meaning]) => {
    const [first = '', ...others] = wrap(meaning, WIDTH - 7);
    return [`  ${String(code).padEnd(4)} ${first}`, ...others.map((line) => `       ${line}`)];
  });
  return sections([details, exampleText(examples), `Exit codes:\n${codes.join('\n')}`]);
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
