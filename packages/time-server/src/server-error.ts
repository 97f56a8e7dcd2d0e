import { IpcError } from '@timeq/mq-native';

/** Why a server did not start, or had to end. */
export type ServerErrorCode =
  /** A living server holds the key. */
  | 'HELD'
  /** What is at the key may belong to another program. */
  | 'FOREIGN'
  /** The living server was asked to go and did not. */
  | 'TIMED_OUT'
  /** The kernel does not permit it. */
  | 'DENIED'
  /** Anything else that the operating system refused. */
  | 'FAILED';

/** A failure whose message is one sentence that says what to do next. */
export class ServerError extends Error {
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }
}

/** What to tell about an error that a system call gave; errors that are no surprise of the system's are passed through. */
export function explain(error: unknown, what: string, next: string): unknown {
  if (!(error instanceof IpcError)) return error;
  const denied = error.code === 'EACCES' || error.code === 'EPERM';
  const sentence = `${what} (${error.message})${denied ? `: ${next}` : ''}`;
  return new ServerError(denied ? 'DENIED' : 'FAILED', sentence, { cause: error });
}
