/** Why an addressed request was refused, as a code for programs to act on. */
export type FailureCode =
  /** The id is missing, or neither a string nor a safe integer. */
  | 'BAD_ID'
  /** This server does not know this `ask`. */
  | 'UNKNOWN_ASK'
  /** Clients may not set the clock of this server. */
  | 'NOT_ALLOWED'
  /** The clock to set is none. */
  | 'BAD_CLOCK'
  /** The alarm is none: its moments, period or count are missing or invalid, or its id is too long. */
  | 'BAD_ALARM'
  /** This client, or all of them, have as many alarms as a server takes. */
  | 'TOO_MANY_ALARMS'
  /** This client has no such alarm. */
  | 'NO_ALARM'
  /** The reply would be longer than a message may be (most likely its id is too long). */
  | 'REPLY_TOO_LONG';

/** Why a request was refused. */
export interface Failure {
  /** One of `FailureCode`; a client must expect others from a later server. */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
}

/** A failure of this version of the protocol. */
export function failure(code: FailureCode, message: string): Failure {
  return { code, message };
}
