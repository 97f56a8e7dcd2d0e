import { isDeepStrictEqual } from 'node:util';

/**
 * JSON.stringify does not complain about what it can't carry: it makes null of NaN, {} of a Map, a string of a Date, and
 * leaves out functions and undefined. Here that is an error on the side that makes it.
 * @throws TypeError
 */
export function checkJson(value: unknown): void {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined || !isDeepStrictEqual(JSON.parse(text), value)) {
    throw new TypeError(`${String(value)} would not arrive unchanged: JSON can't carry it`);
  }
}
