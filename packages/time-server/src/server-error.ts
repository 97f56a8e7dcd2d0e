import { IpcError } from '@timeq/mq-native';

/** Why a server did not start, or had to end. */
export type ServerErrorCode =
  /** A living server holds the key. */
  | 'HELD'
  /** The queue at the key may belong to another program. */
  | 'FOREIGN'
  /** The living server was asked to end and did not. */
  | 'TIMED_OUT'
  /** The kernel does not permit it. */
  | 'NOT_PERMITTED'
  /** Any other error of the operating system. */
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

/** The error for a failed system call; errors that are not the system's are returned unchanged. */
export function explain(error: unknown, what: string, next: string): unknown {
  if (!(error instanceof IpcError)) return error;
  const denied = error.code === 'EACCES' || error.code === 'EPERM';
  const sentence = `${what} (${error.message})${denied ? `: ${next}` : ''}`;
  return new ServerError(denied ? 'NOT_PERMITTED' : 'FAILED', sentence, { cause: error });
}
