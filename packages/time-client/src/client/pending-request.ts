import type { AlarmAsk, AnswerReply, Ask } from '@timeq/time-protocol';
import { AbortError } from '@timeq/mq-native';
import type { ClassicStyle } from './ask-style.js';

/** A timer of more milliseconds would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface RequestOptions {
  /** Aborting it rejects the request with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the request times out; the client's own by default, Infinity for never. */
  readonly timeout?: number | undefined;
}

/** The answer to a request. */
export type RawAnswer = { readonly roundTripNs: bigint } & (
  | { readonly dialect: 'addressed'; readonly reply: AnswerReply }
  | { readonly dialect: 'classic'; readonly style: ClassicStyle; readonly text: string }
);

/** What a queue's server can be asked. */
export type Question = Ask | AlarmAsk;

interface RequestDetails<T, What> {
  readonly id: number;
  readonly ask: What;
  /** When it was made, by performance.now(). */
  readonly since: number;
  /** In milliseconds; Infinity for none. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Makes the request's result; it may throw. */
  readonly read: (answer: RawAnswer) => T;
}

/** A pending request as its owner sees it, whatever its result. */
export interface PendingRequest<What = Question> {
  readonly id: number;
  readonly ask: What;
  /** False while the request waits for room in the queue. */
  sent: boolean;
  readonly answered: boolean;
  /** Answered or cancelled. */
  readonly over: boolean;
  /** @param now when it was read, by performance.now() */
  resolveAddressed(reply: AnswerReply, now: number): void;
  resolveClassic(text: string, style: ClassicStyle, now: number): void;
  /** It is sent now, and not when it was made. */
  sentAt(now: number): void;
  reject(reason: unknown): void;
}

export interface RequestOwner<What = Question> {
  /** Called once, however the request ends. */
  ended(request: PendingRequest<What>): void;
  /** Why the timeout passed, at that moment. */
  expired(request: PendingRequest<What>, timeout: number): unknown;
  /** Turns an error into the one for the caller. */
  explain(reason: unknown): unknown;
}

/** A request that waits for room in the queue, then for its answer, until its timeout or its signal. */
export class ClientRequest<T, What = Question> implements PendingRequest<What> {
  readonly id: number;
  readonly ask: What;
  readonly promise: Promise<T>;
  sent = false;
  answered = false;
  over = false;
  #since: number;
  readonly #timeout: number;
  readonly #signal: AbortSignal | undefined;
  readonly #read: (answer: RawAnswer) => T;
  readonly #owner: RequestOwner<What>;
  readonly #onAbort: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #resolve!: (result: T) => void;
  #reject!: (reason: unknown) => void;

  constructor({ id, ask, since, timeout, signal, read }: RequestDetails<T, What>, owner: RequestOwner<What>) {
    this.id = id;
    this.ask = ask;
    this.#since = since;
    this.#timeout = timeout;
    this.#signal = signal;
    this.#read = read;
    this.#owner = owner;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (timeout < Infinity) this.#timer = setTimeout(() => this.#expire(), Math.min(timeout, LONGEST_TIMER));
    if (signal === undefined) return;
    this.#onAbort = () => this.reject(new AbortError(signal));
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  resolveAddressed(reply: AnswerReply, now: number): void {
    this.#answer({ dialect: 'addressed', reply, roundTripNs: this.#elapsedNs(now) });
  }

  resolveClassic(text: string, style: ClassicStyle, now: number): void {
    this.#answer({ dialect: 'classic', style, text, roundTripNs: this.#elapsedNs(now) });
  }

  sentAt(now: number): void {
    this.#since = now;
  }

  #expire(): void {
    this.reject(this.#owner.expired(this, this.#timeout));
  }

  reject(reason: unknown): void {
    if (this.#end()) this.#reject(this.#owner.explain(reason));
  }

  #answer(answer: RawAnswer): void {
    this.answered = true;
    if (!this.#end()) return;
    try {
      this.#resolve(this.#read(answer));
    } catch (error) {
      this.#reject(this.#owner.explain(error));
    }
  }

  /** @returns false if it was over before */
  #end(): boolean {
    if (this.over) return false;
    this.over = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#owner.ended(this);
    return true;
  }

  #elapsedNs(now: number): bigint {
    return BigInt(Math.round((now - this.#since) * 1e6));
  }
}
