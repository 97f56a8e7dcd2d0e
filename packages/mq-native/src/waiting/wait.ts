import { AbortError } from '../errors/abort-error.js';
import { onAbort } from './abort-signals.js';
import { InLine } from './line.js';
import { rejection } from './rejection.js';
import { traceWait, tracing } from './trace.js';

/** Why a wait is given up: its time is over, or its signal was aborted. */
export type GivenUp = 'timeout' | AbortError;

/** Who settles waits. */
export interface WaitOwner<T, What> {
  giveUp(wait: Wait<T, What>, reason: GivenUp): void;
  /** Says in words what is waited for. */
  describe(what: What): string;
}

/**
 * One promise that waits for something. Whoever owns the wait settles it, also when its time is over: only the owner
 * can know whether the thing came at the last moment.
 */
export class Wait<T, What> extends InLine<Wait<T, What>> {
  /** What is waited for, as its owner knows it. */
  readonly what: What;
  readonly promise: Promise<T>;
  /** The moment at which it began, by performance.now(). */
  readonly since: number = performance.now();
  /** The time limit in milliseconds. */
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
      // The wait itself keeps the event loop alive, if it is to; its timer never has to.
      this.#timer = setTimeout(() => {
        this.#owner.giveUp(this, 'timeout');
      }, timeout).unref();
    }
    if (signal !== undefined) {
      this.#forgetSignal = onAbort(signal, () => {
        this.#owner.giveUp(this, new AbortError(signal));
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
