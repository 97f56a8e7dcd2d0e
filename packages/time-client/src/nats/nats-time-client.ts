import { AbortError } from '@timeq/mq-native';
import type { NatsConnection } from '@timeq/nats';
import type { Ask } from '@timeq/time-protocol';
import type { AddressedStatus, AddressedTime } from '../client/answers.js';
import { DEFAULT_TIMEOUT } from '../client/connect-options.js';
import { closed } from '../client/failures.js';
import type { RawAnswer, RequestOptions } from '../client/pending-request.js';
import { readStatus, readTime } from '../client/read-answer.js';
import { NatsExchange } from './nats-exchange.js';

export interface NatsClientOptions {
  /** What the servers listen to, before `.now` and `.status`; `timeq`. */
  readonly subject?: string | undefined;
  /** Milliseconds for each request that names no timeout of its own; 5000 by default, Infinity for none. */
  readonly timeout?: number | undefined;
  /** What subjects of answers begin with, where permissions ask for it; `_INBOX`. */
  readonly inboxPrefix?: string | undefined;
}

/**
 * A client of time servers over NATS: any number of requests may be under way, and each is answered by one of the servers.
 *
 * A request outlives the server that took it: while the timeout lasts it is sent again, also after NATS itself was gone.
 */
export class NatsTimeClient implements Disposable, AsyncDisposable {
  readonly #exchange: NatsExchange;
  readonly #timeout: number;
  #closed = false;

  /** @param connection which stays the caller's, and may be used for other things */
  constructor(connection: NatsConnection, options: NatsClientOptions = {}) {
    const { subject = 'timeq', timeout = DEFAULT_TIMEOUT, inboxPrefix = '_INBOX' } = options;
    this.#exchange = new NatsExchange(connection, subject, inboxPrefix);
    this.#timeout = timeout;
  }

  /**
   * The time.
   *
   * @throws {ClientError}
   */
  now(options: RequestOptions = {}): Promise<AddressedTime> {
    return this.#request('time', options, readTime);
  }

  /**
   * What one of the servers says of itself.
   *
   * @throws {ClientError}
   */
  status(options: RequestOptions = {}): Promise<AddressedStatus> {
    return this.#request('status', options, readStatus);
  }

  /** Cancels all requests. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#exchange.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #request<T>(
    ask: Ask,
    { timeout = this.#timeout, signal }: RequestOptions,
    read: (answer: RawAnswer) => T,
  ): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    if (signal?.aborted === true) return Promise.reject(new AbortError(signal));
    return this.#exchange.request(ask, timeout, signal, read);
  }
}
