import type { Key } from 'node:readline';

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** The name of a key: the character that it types, `up`, `pagedown`, `return`, `escape`, `ctrl-c`; empty for others. */
export function keyName(text: string | undefined, { name, ctrl, meta }: Key): string {
  if (meta === true && name !== 'escape') return '';
  if (ctrl === true) return name === undefined ? '' : `ctrl-${name}`;
  if (text !== undefined && text !== '' && !CONTROL.test(text)) return text;
  return name === 'enter' ? 'return' : (name ?? '');
}

/** The text after a key of someone who types a line; undefined for keys that type and delete nothing. */
export function typeKey(text: string, key: string): string | undefined {
  if (key === 'backspace') return Array.from(text).slice(0, -1).join('');
  if (key === 'ctrl-u') return '';
  return Array.from(key).length === 1 ? text + key : undefined;
}

/** The row to which a key moves from `row`, of `rows` rows of which `page` are shown; undefined for other keys. */
export function moveKey(key: string, row: number, rows: number, page: number): number | undefined {
  const moved = moves(row, rows, page).get(key);
  return moved === undefined ? undefined : Math.max(0, Math.min(moved, rows - 1));
}

function moves(row: number, rows: number, page: number): ReadonlyMap<string, number> {
  return new Map([
    ['up', row - 1],
    ['down', row + 1],
    ['pageup', row - page],
    ['pagedown', row + page],
    ['home', 0],
    ['end', rows - 1],
  ]);
}

/** The first row to show, so that `row` is on the page: `first` as long as it is. */
export function scrollTo(row: number, first: number, page: number, rows: number): number {
  const least = Math.min(first, row, Math.max(0, rows - page));
  return Math.max(0, least, row - page + 1);
}
