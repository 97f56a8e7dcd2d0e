/** Why something over NATS failed, by the code that programs act on. */
export type NatsErrorCode =
  /** No NATS server is there. */
  | 'NO_SERVER'
  /** No answer came in time. */
  | 'TIMED_OUT'
  /** The server refuses the credentials, or a subject; or a file may not be read. */
  | 'NOT_PERMITTED'
  /** An option, a variable or a context is wrong: nothing was tried. */
  | 'WRONG_SETTING'
  /** Anything else. */
  | 'FAILED';

/** A failure whose message is one sentence for a person: what failed, why, and what to do. */
export class NatsError extends Error {
  override readonly name = 'NatsError';
  readonly code: NatsErrorCode;

  constructor(code: NatsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
