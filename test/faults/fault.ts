import type { TestContext } from 'node:test';
import type { Random } from './random.js';

/** A fault to inject, and the guarantee that has to hold nevertheless. */
export interface Fault {
  /** Its name on the command line. */
  readonly name: string;
  /** The guarantee, as a sentence. */
  readonly title: string;
  /** Why it cannot be injected on this machine; false if it can. */
  readonly skip?: () => string | false;
  /**
   * Injects the fault, and throws if the guarantee does not hold.
   * @returns a line with figures, including what was lost
   */
  run(t: TestContext, how: HowMuch): Promise<string>;
}

/** How much to do. */
export interface HowMuch {
  readonly random: Random;
  /** The short form takes seconds and runs in CI. The figures of the long one are in docs/reliability-figures.md. */
  readonly long: boolean;
  /** For how many milliseconds to kill bridges at most, at each NATS server: the figures of several runs add up. */
  readonly longest: number;
}
