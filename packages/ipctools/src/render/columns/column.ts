import type { Style } from '@timeq/cli-kit/output/color';
import type { Facts } from '../../model/facts.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { Comparison, Kind } from './kinds.js';

/** The text of a value that is not permitted or not known. */
export const UNKNOWN = '?';

/** One row of a table of columns, as it is declared. */
interface ColumnRow<Entry, Value> {
  /** Its name in --columns, --sort and --filter. */
  readonly name: string;
  /** Its label in the table; the name in capitals, unless given. */
  readonly label?: string;
  readonly help: string;
  readonly kind: Kind<Value>;
  /** The field in JSON; a kind may add others beside it. */
  readonly field: string;
  /** On a narrow terminal columns of the lowest priority are dropped first; 0: shown only on demand. */
  readonly priority: number;
  /** A cell may be cut to this many columns (and marked by …) before any column is dropped. */
  readonly shrinksTo?: number;
  /** Undefined: not permitted, or can't be known. */
  value(entry: Entry, facts: Facts): Value | undefined;
  style?(value: Value): Style | undefined;
}

/** A column of a table of entries; the type of its values is hidden inside. */
export interface Column<Entry> {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly literal: string;
  readonly align: 'left' | 'right';
  readonly priority: number;
  readonly shrinksTo: number | undefined;
  /** Whether the value is permitted and known. */
  isKnown(entry: Entry, facts: Facts): boolean;
  text(entry: Entry, facts: Facts): string;
  raw(entry: Entry, facts: Facts): string;
  style(entry: Entry, facts: Facts): Style | undefined;
  /** Its fields as JSON text: `"key":128,"keyHex":"0x00000080"`. */
  json(entry: Entry, facts: Facts): string;
  /** Ascending, what is not known last. */
  sort(entries: Entry[], facts: Facts, descending: boolean): void;
  /** A test for `name OPERATOR word`; an unknown value matches no condition. @throws UsageError */
  condition(operator: Operator, word: string, facts: Facts): (entry: Entry) => boolean;
  /** The same column of rows that have an entry each, with the facts about it; its place may differ there. */
  of<Row>(look: (row: Row) => Sighting<Entry>, place?: ColumnPlace): Column<Row>;
}

/** An entry, and the facts about it. */
interface Sighting<Entry> {
  readonly entry: Entry;
  readonly facts: Facts;
}

/** How a column stands in another table. */
interface ColumnPlace {
  readonly label?: string;
  readonly priority?: number;
  readonly shrinksTo?: number;
}

export const OPERATORS = ['<=', '>=', '!=', '==', '!~', '=', '<', '>', '~'] as const;
export type Operator = (typeof OPERATORS)[number];

/**
 * Writes a value, or returns the last text if the value is the same: in a long table, most rows share most values with
 * the row above.
 */
function sparing<Value>(write: (value: Value | undefined) => string): (value: Value | undefined) => string {
  let last: Value | undefined;
  let text: string | undefined;
  return (value) => {
    if (text === undefined || value !== last) text = write(value);
    last = value;
    return text;
  };
}

type Test<Value> = (value: Value) => boolean;

function orderTest<Value>(operator: Operator, order: (value: Value) => number): Test<Value> | undefined {
  if (operator === '<') return (value) => order(value) < 0;
  if (operator === '<=') return (value) => order(value) <= 0;
  if (operator === '>') return (value) => order(value) > 0;
  return operator === '>=' ? (value) => order(value) >= 0 : undefined;
}

function comparisonTest<Value>(operator: Operator, comparison: Comparison<Value>): Test<Value> | undefined {
  if (operator === '=' || operator === '==') return (value) => comparison.equals(value);
  if (operator === '!=') return (value) => !comparison.equals(value);
  return comparison.order && orderTest(operator, comparison.order.bind(comparison));
}

/** `~`: the text holds the word, whatever its case. */
function textTest<Value>(operator: Operator, word: string, kind: Kind<Value>): Test<Value> | undefined {
  if (operator !== '~' && operator !== '!~') return undefined;
  const wanted = word.toLowerCase();
  return (value) => kind.text(value).toLowerCase().includes(wanted) === (operator === '~');
}

/** Makes a column from its row. */
export function column<Entry, Value>(row: ColumnRow<Entry, Value>): Column<Entry> {
  const { name, kind } = row;
  const text = sparing<Value>((value) => (value === undefined ? UNKNOWN : kind.text(value)));
  const json = sparing<Value>((value) => kind.json(row.field, value));
  return {
    name,
    label: row.label ?? name.toUpperCase(),
    help: row.help,
    literal: kind.literal,
    align: kind.align,
    priority: row.priority,
    shrinksTo: row.shrinksTo,
    isKnown(entry, facts) {
      return row.value(entry, facts) !== undefined;
    },
    text(entry, facts) {
      return text(row.value(entry, facts));
    },
    raw(entry, facts) {
      const value = row.value(entry, facts);
      return value === undefined ? UNKNOWN : kind.raw(value);
    },
    style(entry, facts) {
      const value = row.style && row.value(entry, facts);
      return value === undefined ? undefined : row.style?.(value);
    },
    json(entry, facts) {
      return json(row.value(entry, facts));
    },
    sort(entries, facts, descending) {
      const values = new Map(entries.map((entry) => [entry, row.value(entry, facts)]));
      entries.sort((a, b) => {
        const left = values.get(a);
        const right = values.get(b);
        if (left === undefined || right === undefined)
          return Number(left === undefined) - Number(right === undefined);
        return descending ? kind.compare(right, left) : kind.compare(left, right);
      });
    },
    condition(operator, word, facts) {
      const test = textTest(operator, word, kind) ?? comparisonTest(operator, kind.parse(word, facts));
      if (test === undefined) throw new UsageError(`${name} has no order; compare it with =, != or ~`);
      return (entry) => {
        const value = row.value(entry, facts);
        return value !== undefined && test(value);
      };
    },
    of: (look, place) =>
      column({
        ...row,
        ...place,
        value: (other) => {
          const { entry, facts } = look(other);
          return row.value(entry, facts);
        },
      }),
  };
}
