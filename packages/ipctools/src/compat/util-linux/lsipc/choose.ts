import { Failure } from '../program.js';
import { ALL, GENERIC, type Column } from './column.js';

/** The columns of these names. */
export function named(names: readonly string[]): Column[] {
  return names.flatMap((name) => ALL.find((column) => column.name === name) ?? []);
}

/**
 * The columns that `-o` asks for: `NAME,NAME`, or `+NAME,NAME` for more than the usual ones. Names are in capitals or
 * not.
 * @param own the columns that the kind has beside those that every kind accepts
 */
export function chooseColumns(
  list: string | undefined,
  usual: readonly Column[],
  own: readonly Column[],
): readonly Column[] {
  if (list === undefined) return usual;
  const adds = list.startsWith('+');
  const chosen = adds ? [...usual] : [];
  let rest = adds ? list.slice(1) : list;
  for (;;) {
    // A comma at the end belongs to the last name, which then is none.
    const [word = ''] = /^[^,]*(,$)?/.exec(rest) ?? [];
    chosen.push(find(word, rest, own));
    if (word === rest) return chosen;
    rest = rest.slice(word.length + 1);
  }
}

/** @param rest the list from this column on, which the original quotes whole */
function find(word: string, rest: string, own: readonly Column[]): Column {
  const column = ALL.find(({ name }) => name === word.toUpperCase());
  if (column === undefined) throw new Failure(`unknown column: ${rest}`);
  if (GENERIC.includes(column) || own.includes(column)) return column;
  throw new Failure(`column ${rest} does not apply to the specified IPC`);
}
