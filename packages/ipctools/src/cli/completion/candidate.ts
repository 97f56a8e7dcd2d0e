/** A word that can stand at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** What can stand at the cursor: these words, or the name of a file, which the shell completes itself. */
export type Candidates = readonly Candidate[] | 'file';
