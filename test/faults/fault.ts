import type { TestContext } from 'node:test';
import type { Random } from './random.js';

/** Something that goes wrong, and what has to hold all the same. */
export interface Fault {
  /** How it is called on the command line. */
  readonly name: string;
  /** What holds, as a sentence. */
  readonly title: string;
  /** Why it cannot be tried here; false if it can. */
  readonly skip?: () => string | false;
  /**
   * Makes it go wrong, and throws if something does not hold.
   * @returns a line with figures, what was lost among them
   */
  run(t: TestContext, how: HowMuch): Promise<string>;
}

/** How much of it. */
export interface HowMuch {
  readonly random: Random;
  /** The short form takes seconds and is part of CI; the long one's figures are in docs/reliability-figures.md. */
  readonly long: boolean;
}
