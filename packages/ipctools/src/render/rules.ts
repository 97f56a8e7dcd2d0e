import { wrap } from '@timeq/cli-kit/text/width';
import type { JsonObject } from '../format/json.js';
import { GAP } from '@timeq/cli-kit/tables/fit';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import type { Rule } from '../evidence/rules.js';

type Described = Pick<Rule, 'verdict' | 'proven' | 'when'>;

/** A rule with its number, from 1. */
export interface NumberedRule extends Described {
  readonly rule: number;
}

/** A line of a rule: only its first line has the numbers and words. */
type RuleLine = Readonly<Record<'rule' | 'verdict' | 'proof' | 'when', string>>;

export function numbered(rules: readonly Described[]): NumberedRule[] {
  return rules.map(({ verdict, proven, when }, index) => ({ rule: index + 1, verdict, proven, when }));
}

/** The columns of `stale --explain`. */
export const RULE_COLUMNS: readonly TextColumn<RuleLine>[] = [
  { label: 'RULE', align: 'right', priority: 4, text: ({ rule }) => rule },
  { label: 'VERDICT', priority: 2, text: ({ verdict }) => verdict },
  { label: 'PROOF', priority: 1, text: ({ proof }) => proof },
  { label: 'WHEN', priority: 3, text: ({ when }) => when },
];

/** The width before the last column: three others and the gaps. */
const BEFORE_WHEN = 'RULE'.length + 'VERDICT'.length + 'PROOF'.length + 3 * GAP;

/** A narrower sentence can't be read. */
const LEAST_FOR_WHEN = 18;

/** The rules for a screen of that width: wrapped between words and never cut. */
export function ruleLines(rules: readonly NumberedRule[], width: number): RuleLine[] {
  return rules.flatMap(({ rule, verdict, proven, when }) => {
    const [first = '', ...others] = wrap(when, Math.max(LEAST_FOR_WHEN, width - BEFORE_WHEN));
    return [
      { rule: String(rule), verdict, proof: proven ? 'yes' : '-', when: first },
      ...others.map((line) => ({ rule: '', verdict: '', proof: '', when: line })),
    ];
  });
}

export function ruleJson({ rule, verdict, proven, when }: NumberedRule): JsonObject {
  return { rule, verdict, proven, when };
}
