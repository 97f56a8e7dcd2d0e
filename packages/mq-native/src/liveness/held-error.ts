import type { Call } from '../errors/call.js';
import { IpcError } from '../errors/ipc-error.js';

/** A living process holds the key. */
export class HeldError extends IpcError {
  override readonly name = 'HeldError';
  /** The holder; 0 if it is in another pid namespace. */
  readonly pid: number;

  constructor(errno: number, call: Call, pid: number) {
    super(errno, call);
    this.pid = pid;
  }
}
