import type { Contender } from './contender.js';

/** A comparison: each contender does the same work. */
export interface Case {
  readonly name: string;
  readonly title: string;
  /** Which of the printed figures to compare, and its unit. */
  readonly figure: string;
  readonly unit: string;
  /** Whether more is better. */
  readonly more: boolean;
  /** Additional columns of the table: a printed figure and its heading. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The first is the default baseline. */
  readonly contenders: readonly Contender[];
  /** The most repetitions, for a case that takes long and varies little. */
  readonly repetitions?: number;
  /** Runs a contender once. */
  run(contender: Contender, short: boolean): Promise<Record<string, number>>;
}
