/** Why a bridge can't go on, by the code that programs act on. */
export type BridgeErrorCode =
  /** Anything that is none of the others. */
  | 'FAILED'
  /** Another bridge has the queue. */
  | 'HELD'
  /** What was asked for is no way to run a bridge: nothing was done. */
  | 'WRONG_SETTING'
  /** There is no such queue, no NATS server, or no such stream. */
  | 'NOT_THERE'
  | 'TIMED_OUT'
  | 'DENIED';

/** A failure whose message is one sentence for a person. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: BridgeErrorCode;

  constructor(code: BridgeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
