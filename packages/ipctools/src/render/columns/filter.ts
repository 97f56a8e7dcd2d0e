import type { Facts } from '../../model/facts.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { findColumn } from './choose.js';
import { OPERATORS, type Column, type Operator } from './column.js';

/** A condition, taken apart. */
export interface Condition<Entry> {
  readonly column: Column<Entry>;
  readonly operator: Operator;
  readonly word: string;
  /** An unknown value matches no condition. */
  readonly holds: (entry: Entry) => boolean;
}

/** A test for a condition such as `messages>0`, `owner=www-data`, `last-sender=dead` or `idle>1h`. @throws UsageError */
export function parseCondition<Entry>(
  condition: string,
  columns: readonly Column<Entry>[],
  facts: Facts,
): (entry: Entry) => boolean {
  return readCondition(condition, columns, facts).holds;
}

/** The same, with its parts. @throws UsageError */
export function readCondition<Entry>(
  condition: string,
  columns: readonly Column<Entry>[],
  facts: Facts,
): Condition<Entry> {
  const [, name = '', rest = ''] = /^\s*([a-z-]*)\s*(.*?)\s*$/i.exec(condition) ?? [];
  const operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
  const word = operator === undefined ? '' : rest.slice(operator.length).trim();
  if (name === '' || operator === undefined || word === '') {
    throw new UsageError(`'${condition}' is not a condition; write it as 'messages>0' or 'owner=root'`);
  }
  const column = findColumn(columns, name);
  return { column, operator, word, holds: column.condition(operator, word, facts) };
}

/** A test that holds where all conditions hold. @throws UsageError */
export function parseConditions<Entry>(
  conditions: readonly string[],
  columns: readonly Column<Entry>[],
  facts: Facts,
): (entry: Entry) => boolean {
  const tests = conditions.map((condition) => parseCondition(condition, columns, facts));
  return (entry) => tests.every((test) => test(entry));
}
