import { escapeText } from '@timeq/cli-kit/text/escape';
import { DROP_INS } from '../../compat/util-linux/programs.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import type { Completion, OptionRow, Verb } from '../verb.js';
import { VERBS } from '../verbs.js';
import { Output } from '../terminal/output.js';
import type { Candidate, Candidates } from './candidate.js';

/** A shell shows no more than a screenful, and 32,000 queues would be slow to list. */
const MOST_WORDS = 500;
/** Says to the scripts that a file's name is wanted. */
const FILE_MARK = ':file';

const HELP: OptionRow = { flags: '-h, --help', help: 'show help' };

function verbWords(): Candidate[] {
  return [
    ...VERBS.map(({ name, summary }) => ({ word: name, help: summary })),
    ...[...DROP_INS.keys()].map((name) => ({ word: name, help: `as util-linux's ${name}` })),
    { word: 'help', help: 'show help for a verb' },
  ];
}

/** `-Q` and `--queue-key` of `-Q, --queue-key <key>`. */
function flagsOf({ flags }: OptionRow): string[] {
  return flags
    .replace(/[<[].*$/, '')
    .trim()
    .split(/,\s*/);
}

function takesValue({ flags }: OptionRow): boolean {
  return flags.includes('<');
}

async function wordsFor(
  completes: Completion,
  current: string,
  kind: string | undefined,
): Promise<Candidates> {
  if (completes === 'file') return 'file';
  if (completes === 'columns' || completes === 'sort') {
    return (await import('./column-words.js')).columnWords(kind, current);
  }
  if (completes === 'condition') {
    const { columnWords } = await import('./column-words.js');
    return columnWords(kind, '').map(({ word, help }) => ({ word, help }));
  }
  if (completes === 'user' || completes === 'group') {
    const { localNames } = await import('../../model/owners.js');
    return localNames(completes).map((word) => ({ word, help: completes }));
  }
  if (typeof completes !== 'string') return completes.map((word) => ({ word, help: '' }));
  const { liveWords } = await import('./live-objects.js');
  const by = /-(key|id)$/.exec(completes)?.[1] === 'key' ? 'key' : 'id';
  if (completes.startsWith('segment')) return liveWords('segments', by);
  if (completes.startsWith('semaphore')) return liveWords('semaphores', by);
  return liveWords('queues', completes === 'queue' ? 'both' : by);
}

/** The words that are no options and no options' values. */
function operandsOf(verb: Verb, words: readonly string[]): string[] {
  const operands: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const option = verb.options.find((row) => flagsOf(row).includes(word));
    if (option !== undefined) index += takesValue(option) ? 1 : 0;
    else if (word === '-' || !word.startsWith('-')) operands.push(word);
  }
  return operands;
}

async function candidatesFor(before: readonly string[], current: string): Promise<Candidates> {
  const [name, ...words] = before;
  if (name === undefined) return verbWords();
  if (name === 'help') return words.length === 0 ? verbWords() : [];
  if (DROP_INS.has(name)) return 'file';
  const verb = VERBS.find((candidate) => candidate.name === name || candidate.alias === name);
  if (verb === undefined) return [];
  const operands = operandsOf(verb, words);
  const last = words.at(-1);
  const valued = verb.options.find(
    (row) => takesValue(row) && last !== undefined && flagsOf(row).includes(last),
  );
  if (valued !== undefined) {
    return valued.completes === undefined ? [] : wordsFor(valued.completes, current, operands[0]);
  }
  if (current.startsWith('-') && current !== '-') {
    return [...verb.options, HELP].map((row) => ({ word: flagsOf(row).at(-1) ?? '', help: row.help }));
  }
  const position = Math.min(operands.length, verb.arguments.length - 1);
  const argument = verb.arguments[position];
  const taken = operands.length > position && !argument?.syntax.includes('...');
  return argument?.completes === undefined || taken ? [] : wordsFor(argument.completes, current, operands[0]);
}

/**
 * Prints what can stand at the cursor, `word TAB help` in each line, or `:file`. The words are those of the command
 * line behind the command's name; the last is the one that the cursor is in.
 */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  // bash makes words of its own of an = in `--option=value`.
  const words = argv.filter((word, index) => word !== '=' || index === argv.length - 1);
  const current = (words.at(-1) ?? '').replace(/^=$/, '');
  const candidates = await candidatesFor(words.slice(0, -1), current);
  const lines =
    candidates === 'file'
      ? [FILE_MARK]
      : candidates
          // A name that would act on the terminal can't be completed: written otherwise, it is another.
          .filter(({ word }) => word.startsWith(current) && escapeText(word) === word)
          .slice(0, MOST_WORDS)
          .map(({ word, help }) => `${word}\t${escapeText(help)}`);
  await new Output().deliver(lines.map((line) => `${line}\n`).join(''));
  return EXIT.done;
}
