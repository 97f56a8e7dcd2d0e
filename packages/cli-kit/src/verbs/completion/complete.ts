import { EXIT } from '../../exit/exit-codes.js';
import { Output } from '../../output/output.js';
import { escapeText } from '../../text/escape.js';
import { flagsOf, optionOf, takesValue } from '../options.js';
import type { Candidate, Completion, OptionRow, Program, Verb } from '../verb.js';

/** A shell shows no more than a screenful, and 32,000 queues would be slow to list. */
const MOST_WORDS = 500;
/** Tells the scripts that the name of a file is wanted. */
const FILE_MARK = ':file';

const HELP: OptionRow = { flags: '-h, --help', help: 'print this help' };

/**
 * Prints what can stand at the cursor, `word TAB help` in each line, or `:file`. The words are those of the command
 * line behind the command's name; the last is the one that the cursor is in.
 */
export async function complete(program: Program, argv: readonly string[]): Promise<number> {
  // bash makes words of its own of an = in `--option=value`.
  const words = argv.filter((word, index) => word !== '=' || index === argv.length - 1);
  const current = (words.at(-1) ?? '').replace(/^=$/, '');
  const candidates = await candidatesFor(program, words.slice(0, -1), current);
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

/** What can stand at the cursor; a shell completes the names of files itself. */
type Candidates = readonly Candidate[] | 'file';

async function candidatesFor(
  program: Program,
  before: readonly string[],
  current: string,
): Promise<Candidates> {
  const [first = ''] = before;
  if (first === 'help') return before.length === 1 ? verbWords(program) : [];
  if (program.others?.has(first)) return 'file';
  const { verb, operands, open } = goThrough(program, before);
  if (verb === undefined) return [];
  if (open !== undefined) return wordsFor(open.completes ?? open.choices, current, operands);
  if (current.startsWith('-') && current !== '-') {
    return [...verb.options, HELP].map((row) => ({ word: flagsOf(row).at(-1) ?? '', help: row.help }));
  }
  if (verb === program.unnamed && !before.includes(verb.name)) return verbWords(program);
  const rows = verb.arguments ?? [];
  const position = Math.min(operands.length, rows.length - 1);
  const argument = rows[position];
  const taken = operands.length > position && !argument?.syntax.includes('...');
  return taken ? [] : wordsFor(argument?.completes, current, operands);
}

function verbWords({ verbs, others = new Map() }: Program): Candidate[] {
  return [
    ...verbs.map(({ name, summary }) => ({ word: name, help: summary })),
    ...[...others].map(([word, { help }]) => ({ word, help })),
    { word: 'help', help: 'show help for a verb' },
  ];
}

/** Which verb the words name, the operands behind it, and the option that waits for its value. */
function goThrough(
  { verbs, unnamed }: Program,
  words: readonly string[],
): { verb: Verb | undefined; operands: string[]; open: OptionRow | undefined } {
  let verb: Verb | undefined = unnamed;
  let named = false;
  let open: OptionRow | undefined;
  const operands: string[] = [];
  for (const word of words) {
    if (open !== undefined) {
      open = undefined;
    } else if (word !== '-' && word.startsWith('-')) {
      const { option, hasValue = false } = optionOf(word, verb?.options ?? []) ?? {};
      if (option !== undefined && takesValue(option) && !hasValue) open = option;
    } else if (named) {
      operands.push(word);
    } else {
      verb = verbs.find(({ name, alias }) => name === word || alias === word);
      named = true;
    }
  }
  return { verb, operands, open };
}

async function wordsFor(
  completes: Completion | undefined,
  current: string,
  operands: readonly string[],
): Promise<Candidates> {
  if (completes === undefined) return [];
  if (completes === 'file') return 'file';
  return typeof completes === 'function'
    ? await completes(current, operands)
    : completes.map((word) => ({ word, help: '' }));
}
