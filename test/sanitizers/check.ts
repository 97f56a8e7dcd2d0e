/** One check of the native code. */
export interface Check {
  /** Its name on the command line. */
  readonly name: string;
  readonly title: string;
  /** The commands that it needs, with their Debian packages. */
  readonly needs: readonly Tool[];
  /**
   * Runs the check, and rejects with a sentence if it finds a problem.
   * @param long the long form, whose figures are in docs/reliability-figures.md; otherwise the short form for CI
   * @returns a line with figures
   */
  run(long: boolean): Promise<string>;
}

/** A command that is not part of Node.js. */
export interface Tool {
  readonly command: string;
  readonly debianPackage: string;
}

/** A problem that a check found. The tool's own report was printed before. */
export class Finding extends Error {
  override readonly name = 'Finding';
}
