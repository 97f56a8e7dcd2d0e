import { nearest } from '../args/did-you-mean.js';
import { UsageError } from '../args/usage-error.js';
import { optionOf, takesValue } from './options.js';
import type { Program, Verb } from './verb.js';

/** A command line's verb, and its other words. */
export interface FoundVerb {
  readonly verb: Verb;
  readonly named: boolean;
  readonly words: readonly string[];
}

/**
 * Finds the verb, after any options that the program has without one, which are passed on to the verb. Without a verb
 * it is the default verb.
 *
 * @throws UsageError for an unknown verb
 */
export function findVerb(program: Program, argv: readonly string[]): FoundVerb {
  const { unnamed, verbs } = program;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word !== '-' && word.startsWith('-')) {
      const known = optionOf(word, unnamed.options);
      // An unknown option is reported before the next word, which may be its value.
      if (known === undefined) break;
      if (takesValue(known.option) && !known.hasValue) index += 1;
      continue;
    }
    const verb = verbs.find(({ name, alias }) => name === word || alias === word);
    if (verb === undefined) throw new UsageError(unknownVerb(program, word));
    return { verb, named: true, words: argv.toSpliced(index, 1) };
  }
  return { verb: unnamed, named: false, words: argv };
}

function unknownVerb({ verbs, others, meant }: Program, word: string): string {
  const sentence = meant?.(word);
  if (sentence !== undefined) return sentence;
  const names = [...verbs.map(({ name }) => name), ...(others?.keys() ?? []), 'help'];
  const near = nearest(word, [...names, ...verbs.flatMap(({ typedAs = [] }) => typedAs)]);
  if (near === undefined) return `there is no verb '${word}'; the verbs are ${names.join(', ')}`;
  const verb = verbs.find(({ typedAs }) => typedAs?.includes(near));
  return `there is no verb '${word}' (did you mean ${verb?.name ?? near}?)`;
}
