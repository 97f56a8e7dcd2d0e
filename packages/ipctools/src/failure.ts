import type { IpcError } from '@timeq/mq-native';

/** Why a call failed, for a program to act on. `INVALID`: the arguments are wrong, and nothing was done. */
export type FailureCode = 'FAILED' | 'INVALID' | 'TIMED_OUT' | 'NOT_PERMITTED';

/** A failure whose message is one sentence that says what to do next. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;

  constructor(sentence: string, code: FailureCode = 'FAILED') {
    super(sentence);
    this.code = code;
  }
}

/** What was asked for makes no sense; nothing was done. */
export function invalid(sentence: string): Failure {
  return new Failure(sentence, 'INVALID');
}

/** The `code` of a system call's, Node's or the binding's error, or undefined. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

// Recognised by its shape, so that reporting an error does not load the binding.
function isIpcError(error: unknown): error is IpcError {
  return error instanceof Error && codeOf(error) !== undefined && 'syscall' in error && 'errno' in error;
}

/** Whether the error says that the caller lacks a permission. */
export function isDenied(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EACCES' || code === 'EPERM';
}

/** The failure for an error, or undefined for a bug of this program, which then deserves its stack trace. */
export function asFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  // The binding can't be loaded; its sentence has the next step.
  if (code === 'ERR_TIMEQ_ADDON') return new Failure(error.message);
  if (code === 'ERR_INVALID_ARG_TYPE' || code === 'ERR_OUT_OF_RANGE') return invalid(error.message);
  if (!isIpcError(error)) return undefined;
  if (isDenied(error)) return new Failure(error.message, 'NOT_PERMITTED');
  return new Failure(error.message, code === 'ETIMEDOUT' ? 'TIMED_OUT' : 'FAILED');
}
