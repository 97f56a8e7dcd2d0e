/** Why an addressed request was not granted, by the code that programs act on. */
export type FailureCode =
  /** The id is missing, or neither a string nor a safe integer. */
  | 'BAD_ID'
  /** `ask` is nothing that this server knows. */
  | 'UNKNOWN_ASK'
  /** The reply would be longer than a message may be (most likely its id is too long). */
  | 'REPLY_TOO_LONG';

/** Why a request was not granted. */
export interface Failure {
  /** One of `FailureCode`; a client must expect others from a later server. */
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
}

/** A failure of this version of the protocol. */
export function failure(code: FailureCode, message: string): Failure {
  return { code, message };
}
