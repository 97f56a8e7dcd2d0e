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
  /** More columns of the table: what the programs print, and the heading that it gets. */
  readonly columns?: Readonly<Record<string, string>>;
  /** The first is the baseline of all that have no other. */
  readonly contenders: readonly Contender[];
  /** How often to run it at most: for what takes long and hardly differs from run to run. */
  readonly repetitions?: number;
  /** Runs a contender once. */
  run(contender: Contender, short: boolean): Promise<Record<string, number>>;
}
