import type { Facts } from '../../model/facts.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { findColumn } from './choose.js';
import { OPERATORS, type Column } from './column.js';

/** A test for a condition such as `messages>0`, `owner=www-data`, `last-sender=dead` or `idle>1h`. @throws UsageError */
export function parseCondition<Entry>(
  condition: string,
  columns: readonly Column<Entry>[],
  facts: Facts,
): (entry: Entry) => boolean {
  const [, name = '', rest = ''] = /^\s*([a-z-]*)\s*(.*?)\s*$/i.exec(condition) ?? [];
  const operator = OPERATORS.find((candidate) => rest.startsWith(candidate));
  const word = operator === undefined ? '' : rest.slice(operator.length).trim();
  if (name === '' || operator === undefined || word === '') {
    throw new UsageError(`'${condition}' is not a condition; write it as 'messages>0' or 'owner=root'`);
  }
  return findColumn(columns, name).condition(operator, word, facts);
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
