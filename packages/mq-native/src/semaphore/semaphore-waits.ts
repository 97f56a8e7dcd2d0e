import type { Call } from '../errors/call.js';
import { EAGAIN, ECANCELED, EINTR, ETIMEDOUT } from '../errors/errno.js';
import type { IpcError } from '../errors/ipc-error.js';
import { native } from '../native.js';
import { traceThread, tracing } from '../waiting/trace.js';
import { Wait, type CancelReason, type WaitOwner } from '../waiting/wait.js';
import { cancel, keepAlive, listen } from '../waiting/waiters.js';
import { writeOperations, type SemaphoreOperation } from './semaphore-operation.js';

/** A call, by the thread that waits for it. */
interface Operation {
  readonly waiter: number;
  readonly operations: readonly SemaphoreOperation[];
}
type Operating = Wait<void, Operation>;

/** The waiting calls of one handle, each with its own thread: semop both waits and operates. */
export class SemaphoreWaits implements WaitOwner<void, Operation> {
  readonly #id: number;
  readonly #error: (result: number, syscall: string, more?: Partial<Call>) => IpcError;
  readonly #operating = new Set<Operating>();
  #refed = true;

  constructor(id: number, error: (result: number, syscall: string, more?: Partial<Call>) => IpcError) {
    this.#id = id;
    this.#error = error;
  }

  add(
    operations: readonly SemaphoreOperation[],
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const waiter = native.waitOperate(this.#id, writeOperations(operations, true));
    if (waiter < 0) throw this.#error(waiter, 'pthread_create');
    const operating: Operating = new Wait(this, { waiter, operations }, timeout, signal);
    this.#operating.add(operating);
    if (this.#refed) keepAlive(1);
    listen(waiter, (result) => {
      this.#settle(operating, result);
    });
    if (tracing) traceThread(waiter, `blocks in the kernel for the ${this.describe(operating.what)}`);
    return operating.promise;
  }

  get pending(): number {
    return this.#operating.size;
  }

  describe({ operations }: Operation): string {
    const changes = operations.map(({ number, delta }) => `${delta} on ${number ?? 0}`);
    return `operation on semaphore set ${this.#id}: ${changes.join(', ')}`;
  }

  close(): void {
    for (const operating of this.#operating) {
      const result = cancel(operating.what.waiter);
      this.#settle(operating, result === -EINTR ? -ECANCELED : result);
    }
  }

  setRef(refed: boolean): void {
    if (this.#refed === refed) return;
    this.#refed = refed;
    for (let count = this.#operating.size; count > 0; count--) keepAlive(refed ? 1 : -1);
  }

  #settle(operating: Operating, result: number, reason?: Error): void {
    this.#operating.delete(operating);
    if (this.#refed) keepAlive(-1);
    if (result === 0) operating.resolve();
    else operating.reject(reason ?? this.#error(result, 'semop'));
  }

  /** Ends one wait. An operation that was done at the last moment counts as done. */
  cancel(operating: Operating, reason: CancelReason): void {
    const result = cancel(operating.what.waiter);
    if (result !== -EINTR && result !== -EAGAIN) this.#settle(operating, result);
    else if (reason !== 'timeout') this.#settle(operating, result, reason);
    else {
      const milliseconds = operating.timeout ?? 0;
      this.#settle(operating, result, this.#error(-ETIMEDOUT, 'semop', { milliseconds }));
    }
  }
}
