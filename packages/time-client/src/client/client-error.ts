/** Why a request of a client failed, by the code that programs act on. */
export type ClientErrorCode =
  /** There is no queue at the key. */
  | 'NO_QUEUE'
  /** The queue's server died before the request: nothing was sent. */
  | 'SERVER_DEAD'
  /** The server died, or left, while the request waited. */
  | 'SERVER_DIED'
  /** The queue was removed while the request waited, or since the last one. */
  | 'QUEUE_REMOVED'
  /** The queue had no room for the request until the timeout: nothing was sent. */
  | 'QUEUE_FULL'
  /** Nobody answered until the timeout. */
  | 'TIMED_OUT'
  /** The queue's mode shuts this process out. */
  | 'NOT_PERMITTED'
  /** The server answered that it does not grant the request. */
  | 'REFUSED'
  /** The server does not let itself be stopped by a message. */
  | 'STOP_IGNORED'
  /** A classic server answered with something that is no asctime text, and a moment was wanted. */
  | 'NOT_A_TIME'
  /** The client was closed. */
  | 'CLOSED';

const NO_SERVER: ReadonlySet<ClientErrorCode> = new Set([
  'NO_QUEUE',
  'SERVER_DEAD',
  'SERVER_DIED',
  'QUEUE_REMOVED',
]);

/** A request that was not answered. Its message is one sentence, or two, for a person: what happened and what to do. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether there is no server at the key, now or any more. */
  get noServer(): boolean {
    return NO_SERVER.has(this.code);
  }

  /** Whether the timeout passed first: no answer, or no room in the queue. */
  get timedOut(): boolean {
    return this.code === 'TIMED_OUT' || this.code === 'QUEUE_FULL';
  }
}
