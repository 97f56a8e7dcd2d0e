/** A failure that its message explains in full: shown to the user as one sentence, without a stack. */
export class ExpectedError extends Error {
  isExpected = true;
}
