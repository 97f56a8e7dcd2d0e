import type { Evidence } from './evidence.js';
import { RULES, type Criteria, type Rule, type RuleOn, type Verdict } from './rules.js';

/** The verdict of the rules on the evidence. */
export interface Judgement {
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  /** Whether it rests on proof: the liveness semaphore, or a process that uses it now. */
  readonly proven: boolean;
  /** The number of the rule that decided, from 1, as --explain counts them. */
  readonly rule: number;
  readonly reasons: readonly string[];
  /** The next step, if it is unknown. */
  readonly next: string | undefined;
}

/** The first rule that holds. */
export function decidingRule<Findings>(
  evidence: Findings,
  criteria: Criteria,
  rules: readonly RuleOn<Findings>[],
): { readonly index: number; readonly rule: RuleOn<Findings> } {
  const index = rules.findIndex((rule) => rule.holds(evidence, criteria));
  const rule = rules[index];
  if (rule === undefined) throw new Error('the last rule must always hold');
  return { index, rule };
}

/** Judges an object: the first rule that holds decides. */
export function judge(evidence: Evidence, criteria: Criteria, rules: readonly Rule[] = RULES): Judgement {
  const { index, rule } = decidingRule(evidence, criteria, rules);
  const { verdict, proven } = rule;
  return {
    evidence,
    verdict,
    proven,
    rule: index + 1,
    reasons: rule.reasons(evidence, criteria),
    next: rule.next?.(evidence),
  };
}
