import type { Contender } from './contender.js';

/** A comparison: the same work, done by each of the contenders. */
export interface Case {
  readonly name: string;
  readonly title: string;
  /** The figure to compare, of those that the programs print, and its unit. */
  readonly figure: string;
  readonly unit: string;
  /** Whether more of it is better. */
  readonly more: boolean;
  /** The first is the baseline. */
  readonly contenders: readonly Contender[];
  /** Runs a contender once. */
  run(contender: Contender, short: boolean): Promise<Record<string, number>>;
}
