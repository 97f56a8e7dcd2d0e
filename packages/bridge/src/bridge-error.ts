/** Why a bridge can't continue, as a code for programs. */
export type BridgeErrorCode =
  /** Any other error. */
  | 'FAILED'
  /** Another bridge uses the queue. */
  | 'HELD'
  /** The options can't be used: nothing was done. */
  | 'WRONG_SETTING'
  /** There is no such queue, no NATS server, or no such stream. */
  | 'NOT_THERE'
  | 'TIMED_OUT'
  | 'NOT_PERMITTED';

/** A failure whose message is one sentence for the user. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: BridgeErrorCode;

  constructor(code: BridgeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
