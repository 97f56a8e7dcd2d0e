import type { Ask, StatusReply, TimeReply } from '@timeq/time-protocol';
import { AbortError } from '@timeq/mq-native';
import type { ClassicStyle } from './ask-style.js';

export interface RequestOptions {
  /** Aborting it rejects the request with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the request is given up; the client's own by default, Infinity for never. */
  readonly timeout?: number | undefined;
}

/** What came back for a request. */
export type Arrival = { readonly roundTripNs: bigint } & (
  | { readonly dialect: 'addressed'; readonly reply: TimeReply | StatusReply }
  | { readonly dialect: 'classic'; readonly style: ClassicStyle; readonly text: string }
);

export interface Expectation<T> {
  readonly id: number;
  readonly ask: Ask;
  /** When it was made, by performance.now(). */
  readonly since: number;
  /** When it is given up; Infinity for never. */
  readonly deadline: number;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** What the request is to resolve with; it may throw. */
  readonly read: (arrival: Arrival) => T;
}

/** A request as its keeper sees it, whatever it is to resolve with. */
export interface UnderWay {
  readonly id: number;
  readonly ask: Ask;
  /** By performance.now(); Infinity for never. */
  readonly deadline: number;
  /** False while the request waits for room in the queue. */
  sent: boolean;
  readonly answered: boolean;
  /** Answered, or given up. */
  readonly over: boolean;
  /** @param now when it was read, by performance.now() */
  resolveAddressed(reply: TimeReply | StatusReply, now: number): void;
  resolveClassic(text: string, style: ClassicStyle, now: number): void;
  /** It is sent now, and not when it was made. */
  sentAt(now: number): void;
  expire(): void;
  reject(reason: unknown): void;
}

/** Who keeps the requests. */
export interface RequestKeeper {
  /** Called once, however the request ends. */
  ended(request: UnderWay): void;
  /** Why the timeout passed, at that moment. */
  expired(request: UnderWay, timeout: number): unknown;
  /** What went wrong, for whoever asked. */
  explain(reason: unknown): unknown;
}

/** A request that waits for room in the queue, and then for its answer, until its timeout or its signal. */
export class PendingRequest<T> implements UnderWay {
  readonly id: number;
  readonly ask: Ask;
  readonly deadline: number;
  readonly promise: Promise<T>;
  sent = false;
  answered = false;
  over = false;
  #since: number;
  readonly #timeout: number;
  readonly #signal: AbortSignal | undefined;
  readonly #read: (arrival: Arrival) => T;
  readonly #keeper: RequestKeeper;
  readonly #onAbort: (() => void) | undefined;
  #resolve!: (result: T) => void;
  #reject!: (reason: unknown) => void;

  constructor({ id, ask, since, deadline, timeout, signal, read }: Expectation<T>, keeper: RequestKeeper) {
    this.id = id;
    this.ask = ask;
    this.deadline = deadline;
    this.#since = since;
    this.#timeout = timeout;
    this.#signal = signal;
    this.#read = read;
    this.#keeper = keeper;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (signal === undefined) return;
    this.#onAbort = () => this.reject(new AbortError(signal));
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  resolveAddressed(reply: TimeReply | StatusReply, now: number): void {
    this.#answer({ dialect: 'addressed', reply, roundTripNs: this.#elapsedNs(now) });
  }

  resolveClassic(text: string, style: ClassicStyle, now: number): void {
    this.#answer({ dialect: 'classic', style, text, roundTripNs: this.#elapsedNs(now) });
  }

  sentAt(now: number): void {
    this.#since = now;
  }

  /** The timeout has passed. */
  expire(): void {
    this.reject(this.#keeper.expired(this, this.#timeout));
  }

  reject(reason: unknown): void {
    if (this.#end()) this.#reject(this.#keeper.explain(reason));
  }

  #answer(arrival: Arrival): void {
    this.answered = true;
    if (!this.#end()) return;
    try {
      this.#resolve(this.#read(arrival));
    } catch (error) {
      this.#reject(this.#keeper.explain(error));
    }
  }

  /** @returns false if it was over before */
  #end(): boolean {
    if (this.over) return false;
    this.over = true;
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#keeper.ended(this);
    return true;
  }

  #elapsedNs(now: number): bigint {
    return BigInt(Math.round((now - this.#since) * 1e6));
  }
}
