import type { Row } from '@timeq/console/wire';
import { columnNamed, type Column } from './columns.js';

export type Test = (row: Row, now: number) => boolean;

const COMPARES: Readonly<Record<string, (difference: number) => boolean>> = {
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
  '>': (difference) => difference > 0,
  '>=': (difference) => difference >= 0,
  '=': (difference) => difference === 0,
  '!=': (difference) => difference !== 0,
};

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A number, also as `80%` or `5m`. */
function numberOf(word: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([smhd%]?)$/.exec(word) ?? [];
  return digits === undefined ? Number.NaN : Number(digits) * (SECONDS[unit] ?? 1);
}

/** `messages>0`; undefined if the word is no condition. */
function condition(word: string): Test | undefined {
  const [, name = '', operator = '', literal = ''] = /^([a-z]+)(<=|>=|!=|<|>|=)(.+)$/.exec(word) ?? [];
  const column = columnNamed(name);
  const compares = COMPARES[operator];
  if (column === undefined || compares === undefined) return undefined;
  return (row, now) => {
    const value = column.value(row, now);
    if (value === undefined) return false;
    const difference = typeof value === 'number' ? value - numberOf(literal) : value.localeCompare(literal);
    return compares(difference);
  };
}

function contains(word: string): Test {
  return ({ key, id, owner, verdict = '' }) =>
    `${key === '' ? 'private' : key} ${id} ${owner} ${verdict}`.toLowerCase().includes(word);
}

/** What a filter's words all say, each a condition or a part of what a row shows. */
export function filterFrom(text: string): Test {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const tests = words.map((word) => condition(word) ?? contains(word));
  return (row, now) => tests.every((test) => test(row, now));
}

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}
