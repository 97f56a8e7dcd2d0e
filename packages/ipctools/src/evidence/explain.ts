import type { JsonObject } from '../format/json.js';
import type { TextColumn } from '../format/table.js';
import { RULES, type Rule } from './rules.js';

interface NumberedRule extends Pick<Rule, 'verdict' | 'proven' | 'when'> {
  readonly rule: number;
}

const fixed = { align: 'left', shrinksTo: undefined } as const;

/** The rules with their numbers, from 1. */
export const NUMBERED_RULES: readonly NumberedRule[] = RULES.map(({ verdict, proven, when }, index) => ({
  rule: index + 1,
  verdict,
  proven,
  when,
}));

/** The columns of `stale --explain`. */
export const RULE_COLUMNS: readonly TextColumn<NumberedRule>[] = [
  { ...fixed, label: 'RULE', align: 'right', priority: 4, text: ({ rule }) => String(rule) },
  { ...fixed, label: 'VERDICT', priority: 3, text: ({ verdict }) => verdict },
  { ...fixed, label: 'PROOF', priority: 1, text: ({ proven }) => (proven ? 'yes' : '-') },
  { ...fixed, label: 'WHEN', priority: 2, shrinksTo: 20, text: ({ when }) => when },
];

export function ruleJson({ rule, verdict, proven, when }: NumberedRule): JsonObject {
  return { rule, verdict, proven, when };
}
