/** One check of the native code. */
export interface Check {
  /** How it is called on the command line. */
  readonly name: string;
  readonly title: string;
  /** Commands that must be there, with the Debian packages that have them. */
  readonly needs: readonly Tool[];
  /**
   * Does it, and rejects with a sentence if there is something to report.
   * @param long by hand, with the figures in docs/reliability-figures.md; otherwise the short form for CI
   * @returns a line with figures
   */
  run(long: boolean): Promise<string>;
}

/** A command from outside of Node.js. */
export interface Tool {
  readonly command: string;
  readonly debianPackage: string;
}

/** A check that found something. Its message says what; the tool's own report was printed before. */
export class Finding extends Error {
  override readonly name = 'Finding';
}
