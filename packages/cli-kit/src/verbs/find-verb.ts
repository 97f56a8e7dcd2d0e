import { didYouMean } from '../args/nearest.js';
import { UsageError } from '../args/usage-error.js';
import { optionOf, takesValue } from './options.js';
import type { Program, Verb } from './verb.js';

/** A command line's verb, and its other words. */
export interface FoundVerb {
  readonly verb: Verb;
  /** Whether it was named. */
  readonly named: boolean;
  readonly words: readonly string[];
}

/**
 * Looks for the verb, behind any options that the program has without one; these go on to the verb. Where there is
 * no verb, it is the one that needs no name.
 *
 * @throws UsageError for a word that is no verb
 */
export function findVerb(program: Program, argv: readonly string[]): FoundVerb {
  const { unnamed, verbs } = program;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word !== '-' && word.startsWith('-')) {
      const known = optionOf(word, unnamed.options);
      // An unknown one is complained about before what follows it, which may be its value.
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
  return `there is no verb '${word}'${didYouMean(word, names) || `; the verbs are ${names.join(', ')}`}`;
}
