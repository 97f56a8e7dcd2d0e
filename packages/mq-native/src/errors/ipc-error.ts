import { formatKey, type Key } from '../key.js';
import type { Call } from './call.js';
import { errnoName } from './errno.js';
import { explain } from './explanations.js';

function target(call: Call): string {
  const key =
    call.key === undefined || (call.key === 0 && call.id !== undefined)
      ? undefined
      : `key ${formatKey(call.key)}`;
  if (call.path !== undefined) return ` '${call.path}'`;
  if (call.id === undefined) return key === undefined ? '' : ` ${key}`;
  return ` ${call.object ?? 'object'} ${call.id}${key === undefined ? '' : ` (${key})`}`;
}

/**
 * A System V call that failed. The message reads as Node's own do:
 * `ENOENT: no queue has that key, msgget key 0x00000080; create it, or look the key up with ipcs -q; a container has its own queues`.
 */
export class IpcError extends Error {
  override readonly name: string = 'IpcError';
  /** The error's name, for programs to act on: `EAGAIN`. */
  readonly code: string;
  /** The error's number, positive, as in os.constants.errno. */
  readonly errno: number;
  /** The system call that failed: `msgsnd`. */
  readonly syscall: string;
  // Declared only: a field that is not set would be there as undefined, and be printed.
  declare readonly id?: number;
  declare readonly key?: Key;
  /** The next step, where there is one. */
  declare readonly hint?: string;

  constructor(errno: number, call: Call, options?: ErrorOptions) {
    const code = errnoName(errno);
    const { what, hint } = explain(code, call);
    super(
      `${code}: ${what}, ${call.syscall}${target(call)}${hint === undefined ? '' : `; ${hint}`}`,
      options,
    );
    this.code = code;
    this.errno = errno;
    this.syscall = call.syscall;
    if (call.id !== undefined) this.id = call.id;
    if (call.key !== undefined) this.key = call.key;
    if (hint !== undefined) this.hint = hint;
  }

  /** A `timeout` passed. */
  get timedOut(): boolean {
    return this.code === 'ETIMEDOUT';
  }

  /** The handle was closed while it waited. */
  get closed(): boolean {
    return this.code === 'ECANCELED';
  }
}

/**
 * The queue, set or segment does not exist any more. The kernel returns EIDRM to calls that were waiting and EINVAL to
 * later ones; both are this class, with `code` `EIDRM`.
 */
export class GoneError extends IpcError {
  override readonly name = 'GoneError';
}
