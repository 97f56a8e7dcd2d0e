/** Why a request failed, as a code for programs to act on. */
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
  /** No answer came within the timeout. */
  | 'TIMED_OUT'
  /** The queue's mode does not let this process in. */
  | 'NOT_PERMITTED'
  /** The server refused the request. */
  | 'REFUSED'
  /** The server ended an alarm whose message was not read in time. */
  | 'ALARM_LOST'
  /** The server ignores stop messages. */
  | 'STOP_IGNORED'
  /** A moment was wanted, and a classic server answered with text that is not asctime's. */
  | 'NOT_A_TIME'
  /** Over NATS: no time server listens at the subject. */
  | 'NO_RESPONDERS'
  /** Over NATS: the connection was away until the timeout. */
  | 'DISCONNECTED'
  /** The client was closed. */
  | 'CLOSED';

const NO_SERVER: ReadonlySet<ClientErrorCode> = new Set([
  'NO_QUEUE',
  'SERVER_DEAD',
  'SERVER_DIED',
  'QUEUE_REMOVED',
  'NO_RESPONDERS',
  'DISCONNECTED',
]);

/** A request without an answer. Its message is one or two sentences for people: what happened and what to do. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;

  constructor(code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether there is no server at the key. */
  get noServer(): boolean {
    return NO_SERVER.has(this.code);
  }

  /** Whether the timeout passed: no answer, or no room in the queue. */
  get timedOut(): boolean {
    return this.code === 'TIMED_OUT' || this.code === 'QUEUE_FULL';
  }
}
