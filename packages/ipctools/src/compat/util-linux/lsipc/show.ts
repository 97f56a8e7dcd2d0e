import type { Output } from '../output.js';
import { Failure } from '../program.js';
import { chooseColumns, named } from './choose.js';
import { ALL } from './column.js';
import { writeDetails, writeElements } from './details.js';
import { writeJson, writePairs, writeRaw, type Layout, type Table, type Write } from './formats.js';
import type { Kind } from './kinds.js';
import { writeList } from './list.js';
import { makeLook } from './look.js';
import type { Request } from './request.js';

/** By the letters of their options, of which one at most is given. */
const WRITERS: readonly (readonly [letter: string, write: Write])[] = [
  ['J', writeJson],
  ['e', writePairs(' ')],
  ['l', writeList],
  ['n', writePairs('\n')],
  ['r', writeRaw],
];

/** The writer that was asked for. */
export function writerOf({ given }: Request): Write | undefined {
  return WRITERS.find(([letter]) => given.has(letter))?.[1];
}

export function layoutOf({ given }: Request): Layout {
  return { headings: !given.has('noheadings'), shell: given.has('y'), whole: given.has('notruncate') };
}

/** Shows the objects of one kind, or one of them. Returns the exit code. */
export async function showKind<Entry>(kind: Kind<Entry>, request: Request, output: Output): Promise<number> {
  const { given, wanted } = request;
  if (wanted !== undefined && !given.has(kind.namedBy)) {
    throw new Failure('--id is for System V objects, and --name is for POSIX objects', { tryHelp: true });
  }
  const write = writerOf(request);
  const detailed = wanted !== undefined && write === undefined;
  const look = makeLook(request.times ?? (detailed ? 'full' : 'short'), {
    bytes: given.has('b'),
    octal: given.has('P'),
  });
  const names = usualNames(kind, given);
  const usual = detailed && names.length === kind.usual.length ? ALL : named(names);
  const columns = chooseColumns(request.columns, usual, kind.own);
  const all = kind.entries();
  const entries = wanted === undefined ? all : only(all, (entry) => kind.is(entry, wanted));
  const table: Table<Entry> = {
    list: kind.list,
    columns,
    cells: columns.map(({ name }) => kind.cells[name]),
    entries,
    look,
  };
  const missing = wanted !== undefined && Array.isArray(entries) && entries.length === 0;
  if (missing) output.warn(kind.missing(wanted));
  let unknown = false;
  if (kind.unknown) {
    for (const entry of entries) {
      const warning = kind.unknown(entry);
      if (warning === undefined) continue;
      output.warn(warning);
      unknown = true;
    }
  }
  const [entry] = detailed ? entries : [];
  const elements = entry === undefined ? undefined : kind.elements?.(entry);
  await (detailed ? writeDetails : (write ?? writeList))(table, layoutOf(request), output);
  if (elements !== undefined) await writeElements(elements, look, layoutOf(request), output);
  return missing || (unknown && wanted !== undefined) ? 1 : 0;
}

/** What `-c` and `-t` add. A command, which is long, stays the last one. */
function usualNames(
  { usual, creators, times }: Pick<Kind<never>, 'usual' | 'creators' | 'times'>,
  given: ReadonlySet<string>,
): readonly string[] {
  const names = given.has('c') ? [...usual, ...creators] : usual;
  if (!given.has('t')) return names;
  return names.at(-1) === 'COMMAND' ? [...names.slice(0, -1), ...times, 'COMMAND'] : [...names, ...times];
}

function only<Entry>(entries: Iterable<Entry>, isWanted: (entry: Entry) => boolean): readonly Entry[] {
  for (const entry of entries) if (isWanted(entry)) return [entry];
  return [];
}
