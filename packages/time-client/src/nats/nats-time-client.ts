import { AbortError } from '@timeq/mq-native';
import type { NatsConnection } from '@timeq/nats';
import type { AlarmPlan } from '@timeq/time-protocol';
import { Alarm } from '../client/alarm.js';
import type { AddressedStatus, AddressedTime } from '../client/answers.js';
import { ClientError } from '../client/client-error.js';
import { DEFAULT_TIMEOUT } from '../client/connect-options.js';
import { closed } from '../client/failures.js';
import type { RawAnswer, RequestOptions } from '../client/pending-request.js';
import { readStatus, readTime, somethingElse } from '../client/read-answer.js';
import { durationText } from '../format/span.js';
import { NatsExchange, type NatsQuestion } from './nats-exchange.js';

/** How often a server is asked whether it still has an alarm, in milliseconds: NATS tells no client that it is gone. */
const CHECK_EVERY = 500;

/** How long that waits for the answer of a server that listens: it may be stopped. */
const CHECK_TIMEOUT = 2000;

/**
 * How long one server has to set an alarm, in milliseconds: one that is stopped still gets requests. What it sets later is
 * cancelled, as no request waits for it.
 */
const SET_TIMEOUT = 2000;

/** How long the cancelling of an alarm waits for the server, in milliseconds. */
const CANCEL_TIMEOUT = 1000;

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
  readonly #alarms = new Set<Alarm>();
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
    return this.#request({ ask: 'time' }, options, readTime);
  }

  /**
   * What one of the servers says of itself.
   *
   * @throws {ClientError}
   */
  status(options: RequestOptions = {}): Promise<AddressedStatus> {
    return this.#request({ ask: 'status' }, options, readStatus);
  }

  /**
   * Sets an alarm at one of the servers, which rings it. Iterate over it for its turns. The alarm ends with that server, and
   * with this connection; `keepAlarm` sets it again at another one.
   *
   * @param options.signal ends the alarm, too
   * @throws {ClientError} `REFUSED` by a server that has no room for more
   */
  async alarm(plan: AlarmPlan, { timeout = this.#timeout, signal }: RequestOptions = {}): Promise<Alarm> {
    const until = performance.now() + timeout;
    for (let left = timeout; ; left = until - performance.now()) {
      try {
        return await this.#setAlarm(plan, { timeout: Math.min(left, SET_TIMEOUT), signal });
      } catch (error) {
        const isLate = error instanceof ClientError && error.code === 'TIMED_OUT';
        if (!isLate) throw error;
        if (performance.now() >= until) {
          const what = `no time server set the alarm within ${durationText(timeout)}, though one listens`;
          throw new ClientError('TIMED_OUT', what, { cause: error });
        }
      }
    }
  }

  #setAlarm(plan: AlarmPlan, options: RequestOptions): Promise<Alarm> {
    return this.#request({ ask: { ask: 'alarm', plan } }, options, (answer) => {
      const reply = answer.dialect === 'addressed' ? answer.reply : undefined;
      if (reply?.kind !== 'alarm' || reply.server === undefined) throw somethingElse();
      const { server } = reply;
      const id = Number(reply.id);
      const owner = {
        lookEvery: CHECK_EVERY,
        removeAlarm: () => {
          this.#alarms.delete(alarm);
          this.#exchange.removeAlarm(id);
        },
        checkAlarm: (number: number) => this.#checkAlarm(server, number),
        cancel: (number: number) => this.#cancel(server, number),
      };
      const alarm = new Alarm(reply, owner, options.signal);
      this.#alarms.add(alarm);
      this.#exchange.addAlarm(id, alarm);
      return alarm;
    });
  }

  /** Cancels all alarms of this client; resolves when their servers have done so, or are gone. */
  async cancelAlarms(): Promise<void> {
    await Promise.all([...this.#alarms].map((alarm) => alarm.cancel()));
  }

  /** Cancels all requests, and ends all alarms. */
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
    ask: NatsQuestion,
    { timeout = this.#timeout, signal }: RequestOptions,
    read: (answer: RawAnswer) => T,
  ): Promise<T> {
    if (this.#closed) return Promise.reject(closed());
    if (signal?.aborted === true) return Promise.reject(new AbortError(signal));
    return this.#exchange.request(ask, timeout, signal, read);
  }

  async #checkAlarm(server: string, number: number): Promise<void> {
    const ask = { ask: 'alarms', after: number - 1 } as const;
    const has = await this.#request({ ask, server }, { timeout: CHECK_TIMEOUT }, (answer) => {
      const reply = answer.dialect === 'addressed' ? answer.reply : undefined;
      if (reply?.kind !== 'alarms') throw somethingElse();
      return reply.alarms[0]?.alarm === number;
    });
    if (!has) {
      const what = `the time server ${server} ended an alarm, as its messages did not get here; set it again`;
      throw new ClientError('ALARM_LOST', what);
    }
  }

  /** An alarm that can't be cancelled is gone, or ends when NATS finds no client for its next message. */
  async #cancel(server: string, alarm: number): Promise<void> {
    try {
      const ask = { ask: 'cancel', alarm } as const;
      await this.#request({ ask, server }, { timeout: CANCEL_TIMEOUT }, () => undefined);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    }
  }
}
