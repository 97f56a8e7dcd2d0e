import { constants } from 'node:buffer';
import { ECANCELED, EINVAL } from '../errors/errno.js';
import type { IpcError } from '../errors/ipc-error.js';
import { native } from '../native.js';

/** A segment in this process's memory, until it is detached. */
export class Mapping {
  readonly #buffer: ArrayBuffer;
  readonly #error: (result: number, syscall: string) => IpcError;

  /** shmat(2). */
  constructor(id: number, readOnly: boolean, error: (result: number, syscall: string) => IpcError) {
    const buffer = native.shmat(id, readOnly ? 1 : 0, constants.MAX_LENGTH);
    if (typeof buffer === 'number') throw error(buffer, 'shmat');
    this.#buffer = buffer;
    this.#error = error;
  }

  /** @throws IpcError ECANCELED after detach */
  get buffer(): ArrayBuffer {
    if (!this.attached) throw this.#error(-ECANCELED, 'shmat');
    return this.#buffer;
  }

  /** A segment has at least one byte, and a detached ArrayBuffer has none. */
  get attached(): boolean {
    return this.#buffer.byteLength > 0;
  }

  /** Detaches the segment and makes the ArrayBuffer unusable; its addresses stay reserved until it is collected. */
  detach(): void {
    if (!this.attached) return;
    const result = native.shmdt(this.#buffer);
    if (result !== 0 && result !== -EINVAL) throw this.#error(result, 'shmdt');
  }
}
