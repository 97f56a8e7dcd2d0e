// Text and macros of mdoc(7), the language of manual pages that mandoc and groff both read.
import { wrap } from '../../text/width.js';
import { flagsOf, takesValue } from '../options.js';
import type { ArgumentRow, OptionRow } from '../verb.js';

/** The lines of a page's source are about this wide; escapes make some a little wider. */
const SOURCE_WIDTH = 70;

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
};

/** Text as it stands: a reader can copy each character, and none starts a macro or an escape. */
export function literal(text: string): string {
  return text.replace(/[\\\-'`^~"]/g, (character) => SPECIAL[character] ?? '').replace(/^\./gm, '\\&.');
}

/** A sentence or several, each on a line of its own, as mdoc(7) wants it. */
export function prose(text: string): string {
  const sentences = text.replace(/\s+/g, ' ').split(/(?<=[.!?]) (?=[A-Z])/);
  return literal(sentences.flatMap((sentence) => wrap(sentence, SOURCE_WIDTH)).join('\n'));
}

/** One argument of a macro. */
export function argument(text: string): string {
  return `"${literal(text)}"`;
}

/**
 * Paragraphs and tables as they stand in the help: lines that are indented or set in columns keep their shape, all
 * others are filled.
 */
export function body(text: string): string {
  const blocks: { kept: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const kept = /^ |\S {2,}\S/.test(line);
    const last = blocks.at(-1);
    if (line === '') blocks.push({ kept: false, lines: [] });
    else if (last?.kept === kept) last.lines.push(line);
    else blocks.push({ kept, lines: [line] });
  }
  return blocks
    .filter(({ lines }) => lines.length > 0)
    .map(({ kept, lines }) =>
      kept ? `.Bd -literal -compact\n${literal(lines.join('\n'))}\n.Ed` : prose(lines.join(' ')),
    )
    .join('\n.Pp\n')
    .replaceAll('.Pp\n.Bd -literal -compact', '.Bd -literal');
}

/** A list of terms, each with its explanation. */
export function terms(rows: readonly (readonly [term: string, text: string])[]): string {
  return ['.Bl -tag -width Ds', ...rows.map(([term, text]) => `.It ${term}\n${text}`), '.El'].join('\n');
}

/** `-k, --key <key>` as `Fl k , Fl \-key Ar key`. */
export function flags(option: OptionRow): string {
  const names = flagsOf(option).map((flag) => `Fl ${literal(flag.slice(1))}`);
  const value = /<(?<name>.*)>/.exec(option.flags)?.groups?.['name'];
  return `${names.join(' , ')}${takesValue(option) ? ` Ar ${value ?? ''}` : ''}`;
}

/** `<path...>` as `.Ar path ...`, and `[queue]` as `.Op Ar queue`. */
export function operand({ syntax }: ArgumentRow): string {
  const name = syntax.slice(1, -1);
  const words = name.endsWith('...') ? `Ar ${name.slice(0, -3)} ...` : `Ar ${name}`;
  return syntax.startsWith('[') ? `.Op ${words}` : `.${words}`;
}
