import type { ExitMeanings } from '../../exit/exit-codes.js';
import type { Example, OptionRow, Program, Verb } from '../verb.js';
import { argument, body, flags, literal, operand, prose, terms } from './mdoc.js';

interface ManualOptions {
  /** The day that the pages name. */
  readonly date: Date;
  /** Whether each verb has a page of its own, such as ipctools-list(1). */
  readonly pagePerVerb: boolean;
  /** Other pages to look at, such as `timeq(7)`. */
  readonly seeAlso: readonly string[];
}

/** The manual pages of a program in mdoc(7), made of what its help is made of, by the names of their files. */
export async function manualPages(
  program: Program,
  options: ManualOptions,
): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([[`${program.name}.1`, await programPage(program, options)]]);
  if (!options.pagePerVerb) return pages;
  for (const verb of program.verbs) {
    pages.set(`${pageOf(program, verb)}.1`, await verbPage(program, verb, options));
  }
  return pages;
}

async function programPage(program: Program, { date, pagePerVerb, seeAlso }: ManualOptions): Promise<string> {
  const { name, unnamed, verbs, others } = program;
  const verbPages = pagePerVerb ? verbs.map((verb) => `${pageOf(program, verb)}(1)`) : [];
  const hasVerbs = verbs.length > 0;
  return page([
    head(name, date),
    section('NAME', `.Nm ${name}`, `.Nd ${description(program.description)}`),
    section(
      'SYNOPSIS',
      `.Nm ${name}`,
      '.Op Ar options',
      ...(hasVerbs ? [`.Nm ${name}`, '.Ar verb', '.Op Ar options', '.Op Ar operands'] : []),
    ),
    section('DESCRIPTION', prose(program.description), '.Pp', body(program.details)),
    section('OPTIONS', optionList([...unnamed.options, HELP_OPTION, VERSION_OPTION])),
    section(
      'VERBS',
      ...(pagePerVerb
        ? [terms(verbs.map((verb) => [`Cm ${verb.name}`, summaryLine(program, verb)]))]
        : await Promise.all(verbs.map((verb) => verbSection(program, verb)))),
    ),
    ...(others === undefined
      ? []
      : [
          section(
            'OTHER PROGRAMS',
            terms([...others].map(([word, { help }]) => [`Cm ${word}`, sentence(help)])),
          ),
        ]),
    exitStatus(program.exitCodes),
    exampleSection(program.examples),
    seeSection([...verbPages, ...seeAlso]),
  ]);
}

async function verbPage(program: Program, verb: Verb, { date, seeAlso }: ManualOptions): Promise<string> {
  const name = pageOf(program, verb);
  return page([
    head(name, date),
    section('NAME', `.Nm ${name}`, `.Nd ${literal(verb.summary)}`),
    section('SYNOPSIS', ...synopsis(program, verb)),
    section(
      'DESCRIPTION',
      sentence(verb.summary),
      ...(verb.alias === undefined ? [] : [`It may be written as`, `.Cm ${verb.alias} ,`, 'too.']),
      ...operandList(verb),
    ),
    section('OPTIONS', optionList([...verb.options, HELP_OPTION])),
    ...(await detailSection(verb)),
    exitStatus(verb.exitCodes ?? program.exitCodes),
    exampleSection(verb.examples ?? []),
    seeSection([`${program.name}(1)`, ...seeAlso]),
  ]);
}

/** A verb on the page of its program, without the options that the program's own list explains. */
async function verbSection(program: Program, verb: Verb): Promise<string> {
  const known = new Set(program.unnamed.options);
  const own = verb.options.filter((option) => !known.has(option));
  const shared = verb.options.filter((option) => known.has(option));
  const details = await detailsOf(verb);
  return [
    `.Ss ${verb.name}`,
    sentence(verb.summary),
    ...(details === '' ? [] : [body(details)]),
    ...operandList(verb),
    ...(own.length === 0 ? [] : [optionList(own)]),
    ...(shared.length === 0
      ? []
      : ['.Pp', 'It also takes', `${shared.map((option) => `.${lastFlag(option)}`).join(' ,\n')} .`]),
    ...(verb.examples === undefined ? [] : ['.Pp', 'Examples:', examples(verb.examples)]),
  ].join('\n');
}

function synopsis({ name }: Program, verb: Verb): string[] {
  return [
    `.Nm ${argument(`${name} ${verb.name}`)}`,
    ...verb.options.map((option) => `.Op ${flags(option).replaceAll(' , ', ' | ')}`),
    ...(verb.arguments ?? []).map(operand),
  ];
}

function operandList({ arguments: rows = [] }: Verb): string[] {
  if (rows.length === 0) return [];
  return [
    terms(
      rows.map((row) => {
        const words = Array.isArray(row.completes) ? (row.completes as readonly string[]) : [];
        return [operand(row).replace(/^\.(Op )?/, ''), sentence(row.help, { words })];
      }),
    ),
  ];
}

function optionList(options: readonly OptionRow[]): string {
  return terms(
    options.map((option) => {
      const { help, choices, otherwise, repeats, completes } = option;
      const among = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
      const instead = otherwise === undefined ? '' : ` Default: ${otherwise}.`;
      const often = repeats === true && !help.includes('repeat') ? ' May be repeated.' : '';
      const words = Array.isArray(completes) ? (completes as readonly string[]) : [];
      return [flags(option), sentence(help, { words, more: among + instead + often })];
    }),
  );
}

async function detailsOf({ details = '' }: Verb): Promise<string> {
  return typeof details === 'string' ? details : await details();
}

async function detailSection(verb: Verb): Promise<string[]> {
  const details = await detailsOf(verb);
  return details === '' ? [] : [section('DETAILS', body(details))];
}

function exitStatus(exitCodes: ExitMeanings): string {
  return section('EXIT STATUS', terms(exitCodes.map(([code, meaning]) => [String(code), sentence(meaning)])));
}

function exampleSection(rows: readonly Example[]): string {
  return rows.length === 0 ? '' : section('EXAMPLES', examples(rows));
}

function examples(rows: readonly Example[]): string {
  return terms(rows.map(([line, what]) => [`Li ${argument(line)}`, prose(what)]));
}

function seeSection(pages: readonly string[]): string {
  const links = pages
    .map((text) => /^(?<name>.+)\((?<number>\d)\)$/.exec(text)?.groups ?? {})
    .map(({ name = '', number = '' }) => ({ name, number }))
    .toSorted((one, other) =>
      one.number === other.number
        ? one.name.localeCompare(other.name, 'en')
        : one.number.localeCompare(other.number),
    );
  return section('SEE ALSO', links.map(({ name, number }) => `.Xr ${name} ${number}`).join(' ,\n'));
}

function summaryLine(program: Program, verb: Verb): string {
  return `${sentence(verb.summary)}\nSee\n.Xr ${pageOf(program, verb)} 1 .`;
}

function head(name: string, date: Date): string {
  const day = date.toLocaleDateString('en-US', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  });
  return `.Dd ${day}\n.Dt ${name.toUpperCase()} 1\n.Os`;
}

function section(title: string, ...lines: readonly string[]): string {
  return [`.Sh ${title}`, ...lines].join('\n');
}

function page(sections: readonly string[]): string {
  return `${sections.filter((text) => text !== '').join('\n')}\n`;
}

function pageOf({ name }: Program, verb: Verb): string {
  return `${name}-${verb.name}`;
}

/** The help of one row as a sentence. A word of `words` is written as it is typed, at the beginning too. */
function sentence(
  help: string,
  { words = [], more = '' }: { readonly words?: readonly string[]; readonly more?: string } = {},
): string {
  const [first = ''] = help.split(/[ ,]/);
  const text = words.includes(first) ? help : `${help.charAt(0).toUpperCase()}${help.slice(1)}`;
  return prose(`${text}${/[.!?]$/.test(text) ? '' : '.'}${more}`);
}

function description(text: string): string {
  const [first = ''] = text.split('. ');
  return literal(`${first.charAt(0).toLowerCase()}${first.slice(1)}`.replace(/\.$/, ''));
}

function lastFlag(option: OptionRow): string {
  return flags({ ...option, flags: option.flags.replace(/^.*, /, '').replace(/ <.*/, '') });
}

const HELP_OPTION: OptionRow = { flags: '-h, --help', help: 'print the help' };
const VERSION_OPTION: OptionRow = { flags: '-V, --version', help: 'print the version' };
