import { AbortError } from '../errors/abort-error.js';
import { onAbort } from './abort-signals.js';
import { WaitQueueEntry } from './wait-queue.js';
import { rejection } from './rejection.js';
import { traceWait, tracing } from './trace.js';

/** Why a wait is cancelled: its timeout passed, or its signal was aborted. */
export type CancelReason = 'timeout' | AbortError;

/** The owner of waits, which settles them. */
export interface WaitOwner<T, What> {
  cancel(wait: Wait<T, What>, reason: CancelReason): void;
  /** Describes a wait in words. */
  describe(what: What): string;
}

/**
 * A promise of one wait. Its owner settles it, also after its timeout: only the owner knows whether it succeeded at the
 * last moment.
 */
export class Wait<T, What> extends WaitQueueEntry<Wait<T, What>> {
  /** The request, in the owner's terms. */
  readonly what: What;
  readonly promise: Promise<T>;
  /** When it began, by performance.now(). */
  readonly since: number = performance.now();
  /** The timeout in milliseconds. */
  readonly timeout: number | undefined;
  readonly #owner: WaitOwner<T, What>;
  #resolve!: (value: T | Promise<never>) => void;
  #timer: NodeJS.Timeout | undefined;
  #forgetSignal: (() => void) | undefined;

  constructor(
    owner: WaitOwner<T, What>,
    what: What,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ) {
    super();
    this.#owner = owner;
    this.what = what;
    this.timeout = timeout;
    this.promise = new Promise<T>((resolve) => {
      this.#resolve = resolve;
    });
    if (timeout !== undefined) {
      // The wait itself keeps the event loop alive if it should; its timer never has to.
      this.#timer = setTimeout(() => {
        this.#owner.cancel(this, 'timeout');
      }, timeout).unref();
    }
    if (signal !== undefined) {
      this.#forgetSignal = onAbort(signal, () => {
        this.#owner.cancel(this, new AbortError(signal));
      });
    }
    if (tracing) {
      const limit = timeout === undefined ? '' : `, for ${timeout} ms at most`;
      traceWait(this, `${owner.describe(what)}${limit}${signal === undefined ? '' : ', with a signal'}`);
    }
  }

  resolve(value: T): void {
    this.#letGo();
    if (tracing) traceWait(this, `done after ${this.#elapsed()}`);
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#letGo();
    if (tracing) traceWait(this, `ended after ${this.#elapsed()} by ${String(error)}`);
    this.#resolve(rejection(error));
  }

  #elapsed(): string {
    return `${(performance.now() - this.since).toFixed(1)} ms`;
  }

  #letGo(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#forgetSignal?.();
  }
}
