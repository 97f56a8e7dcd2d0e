import type { Ask, StatusReply, TimeReply } from '@timeq/time-protocol';
import { AbortError } from '@timeq/mq-native';

export interface RequestOptions {
  /** Aborting it rejects the request with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the request is given up; the client's own by default, Infinity for never. */
  readonly timeout?: number | undefined;
}

/** What came back for a request. */
export type Arrival = { readonly roundTripNs: bigint } & (
  | { readonly dialect: 'addressed'; readonly reply: TimeReply | StatusReply }
  | { readonly dialect: 'classic'; readonly text: string }
);

interface Settle {
  readonly resolve: (arrival: Arrival) => void;
  readonly reject: (reason: unknown) => void;
}

export interface Expectation {
  readonly id: number;
  readonly ask: Ask;
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** Who keeps the requests. */
export interface RequestKeeper {
  /** Called once, however the request ends. */
  ended(request: PendingRequest): void;
  /** Why the timeout passed, at that moment. */
  expired(request: PendingRequest, timeout: number): unknown;
}

/** A request that waits for room in the queue, and then for its answer, until its timeout or its signal. */
export class PendingRequest {
  readonly id: number;
  readonly ask: Ask;
  readonly arrival: Promise<Arrival>;
  /** False while the request waits for room in the queue. */
  sent = false;
  answered = false;
  /** Aborted when the request ends while it waits for room, so that it does not go out any more. */
  sending: AbortController | undefined;
  readonly #startedNs = process.hrtime.bigint();
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #keeper: RequestKeeper;
  readonly #onAbort: (() => void) | undefined;
  #settle: Settle | undefined;

  constructor({ id, ask, timeout, signal }: Expectation, keeper: RequestKeeper) {
    this.id = id;
    this.ask = ask;
    this.#signal = signal;
    this.#keeper = keeper;
    this.arrival = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // A timer of more milliseconds would fire at once.
    if (timeout < 2 ** 31)
      this.#timer = setTimeout(() => this.reject(keeper.expired(this, timeout)), timeout);
    if (signal === undefined) return;
    this.#onAbort = () => this.reject(new AbortError(signal));
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  resolveAddressed(reply: TimeReply | StatusReply): void {
    this.answered = true;
    this.#end()?.resolve({ dialect: 'addressed', reply, roundTripNs: this.#elapsedNs() });
  }

  resolveClassic(text: string): void {
    this.answered = true;
    this.#end()?.resolve({ dialect: 'classic', text, roundTripNs: this.#elapsedNs() });
  }

  reject(reason: unknown): void {
    this.#end()?.reject(reason);
  }

  #end(): Settle | undefined {
    const settle = this.#settle;
    if (settle === undefined) return undefined;
    this.#settle = undefined;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.sending?.abort();
    this.#keeper.ended(this);
    return settle;
  }

  #elapsedNs(): bigint {
    return process.hrtime.bigint() - this.#startedNs;
  }
}
