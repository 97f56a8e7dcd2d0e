import type { IpcError } from '@timeq/mq-native';

/** What the command ends with when it fails, and when not. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  timedOut: 4,
  notPermitted: 5,
} as const;

/** An end that is the user's to act on: one sentence for stderr, and the exit code that goes with it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(exitCode: number, sentence: string) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** Wrong usage: nothing has been done, exit code 2. */
export function usageFailure(sentence: string): Failure {
  return new Failure(EXIT.usage, sentence);
}

/** The `code` of a system call's, Node's or the binding's error, or undefined. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

// Told by its shape, so that the binding needs not be loaded to report an error.
function isIpcError(error: unknown): error is IpcError {
  return error instanceof Error && codeOf(error) !== undefined && 'syscall' in error && 'errno' in error;
}

/** Whether the error says that the caller lacks a permission. */
export function isDenied(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EACCES' || code === 'EPERM';
}

/**
 * The sentence and the exit code for an error, or undefined for one that is a fault of this program (which
 * then deserves its stack trace).
 */
export function explain(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  // The binding can't be loaded; its sentence says what to do.
  if (code === 'ERR_TIMEQ_ADDON') return new Failure(EXIT.failed, error.message);
  if (code === 'ERR_INVALID_ARG_TYPE' || code === 'ERR_OUT_OF_RANGE') return usageFailure(error.message);
  if (!isIpcError(error)) return undefined;
  if (isDenied(error)) return new Failure(EXIT.notPermitted, error.message);
  return new Failure(code === 'ETIMEDOUT' ? EXIT.timedOut : EXIT.failed, error.message);
}
