import { AbortError, MessageQueue, type Key } from '@timeq/mq-native';
import { DEFAULT_KEY, type AlarmAsk, type AlarmPlan, type PendingAlarm } from '@timeq/time-protocol';
import { Alarm } from './alarm.js';
import type { Dialect, StatusAnswer, TimeAnswer } from './answers.js';
import { ClientError } from './client-error.js';
import { DEFAULT_TIMEOUT, type ConnectOptions } from './connect-options.js';
import { Exchange } from './exchange.js';
import { alarmDropped, checkServer, closed, explain, noAlarms } from './failures.js';
import type { Question, RawAnswer, RequestOptions } from './pending-request.js';
import { readStatus, readTime, somethingElse } from './read-answer.js';

/** The room that a status request and its reply take in the queue, rounded up. */
const STATUS_BYTES = 1024;

/** How long the cancelling of an alarm waits for the server, in milliseconds. */
const CANCEL_TIMEOUT = 1000;

/** How long a stop waits for a status, in milliseconds. */
const STATUS_TIMEOUT = 1000;

/**
 * A client of the time server at one key.
 *
 * Any number of requests may be pending at once. They are answered at one message type, which the client draws at
 * random and only it reads; an id tells the answers apart, and an answer to a cancelled request is dropped. Without a
 * sign of life from one of Timeq's servers it asks a classic server: see `ConnectOptions`.
 *
 * After `QUEUE_REMOVED` this client can't be used any more: connect again.
 */
export class TimeClient implements Disposable, AsyncDisposable {
  readonly key: Key;
  readonly #queue: MessageQueue;
  readonly #exchange: Exchange;
  readonly #timeout: number;
  #closed = false;

  private constructor(queue: MessageQueue, key: Key, { ask, classic, timeout }: ConnectOptions) {
    this.key = key;
    this.#queue = queue;
    this.#exchange = new Exchange(queue, key, ask ?? (classic === true ? 'shared' : 'auto'));
    this.#timeout = timeout ?? DEFAULT_TIMEOUT;
  }

  /**
   * Opens the queue at a key, and sends nothing.
   *
   * @throws {ClientError} `NO_QUEUE`, or `NOT_PERMITTED` if this process may not receive its answers
   */
  static connect(key: Key = DEFAULT_KEY, options: ConnectOptions = {}): TimeClient {
    let queue: MessageQueue | undefined;
    try {
      queue = MessageQueue.open(key);
      const client = new TimeClient(queue, key, options);
      // The kernel checks permissions when a queue is used, and a request whose answer can't be read must not be sent.
      queue.tryReceive({ type: client.#exchange.replyType });
      return client;
    } catch (error) {
      queue?.close();
      throw explain(error, key);
    }
  }

  /** How the server answers; undefined until that is known. */
  get dialect(): Dialect | undefined {
    return this.#exchange.dialect;
  }

  /**
   * Asks for the time.
   *
   * @throws {ClientError}
   */
  now(options: RequestOptions = {}): Promise<TimeAnswer> {
    return this.#request('time', options, (answer) =>
      answer.dialect === 'classic' ? answer : readTime(answer),
    );
  }

  /**
   * Asks for the server's status.
   *
   * @throws {ClientError}
   */
  status(options: RequestOptions = {}): Promise<StatusAnswer> {
    return this.#request('status', options, (answer) => this.#readStatus(answer));
  }

  /**
   * Sets an alarm at the server, which rings there when its clock says so. Iterate over it for its turns. The alarm ends
   * with the server; `keepAlarm` sets it again at the next one.
   *
   * @param options.signal ends the alarm, too
   * @throws {ClientError} `REFUSED` by a server that has no alarms, or no room for more
   */
  alarm(plan: AlarmPlan, options: RequestOptions = {}): Promise<Alarm> {
    return this.#askAlarms({ ask: 'alarm', plan }, options, ({ reply }) => {
      if (reply.kind !== 'alarm') throw somethingElse();
      const alarm = new Alarm(
        reply,
        {
          removeAlarm: (number) => this.#exchange.removeAlarm(number),
          checkAlarm: (number) => this.#checkAlarm(number),
          cancel: (number) => this.#cancel(number),
        },
        options.signal,
      );
      this.#exchange.addAlarm(reply.alarm, alarm);
      return alarm;
    });
  }

  /**
   * The alarms of this client that the server has.
   *
   * @throws {ClientError}
   */
  async alarms(options: RequestOptions = {}): Promise<PendingAlarm[]> {
    const all: PendingAlarm[] = [];
    for (;;) {
      const after = all.at(-1)?.alarm;
      const { alarms, more } = await this.#askAlarms({ ask: 'alarms', after }, options, ({ reply }) => {
        if (reply.kind !== 'alarms') throw somethingElse();
        return reply;
      });
      all.push(...alarms);
      if (!more || alarms.length === 0) return all;
    }
  }

  /** Cancels all alarms of this client; resolves when the server has done so, or is gone. */
  async cancelAlarms(): Promise<void> {
    await this.#cancel();
  }

  /**
   * Stops the server, and waits until its queue is removed.
   *
   * @throws {ClientError} `STOP_IGNORED` if the server ignores stop messages: then none is sent
   */
  async stop(options: RequestOptions = {}): Promise<void> {
    const { timeout = this.#timeout, signal } = options;
    const until = performance.now() + timeout;
    this.#checkUsable(signal);
    try {
      const liveness = checkServer(this.key);
      const pid = liveness.state === 'alive' ? liveness.pid : 0;
      if (liveness.state === 'alive') await this.#checkStoppable(pid, { timeout, signal });
      const { stopServer } = await import('./stop-server.js');
      const left = Math.max(0, until - performance.now());
      await stopServer(this.#queue, this.key, { timeout, left, signal, pid });
    } catch (error) {
      throw explain(error, this.key);
    }
  }

  /** Cancels all requests, takes back answers that still came for them, and closes the handle on the queue. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#exchange.close();
    this.#queue.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** Asks whether the server obeys a stop message. If that can't be answered, the stop must be sent all the same. */
  async #checkStoppable(pid: number, { timeout = this.#timeout, signal }: RequestOptions): Promise<void> {
    const { bytes, maxBytes } = this.#queue.stat();
    if (bytes + STATUS_BYTES > maxBytes) return;
    let answer: StatusAnswer;
    try {
      answer = await this.status({ timeout: Math.min(timeout / 2, STATUS_TIMEOUT), signal });
    } catch (error) {
      if (error instanceof ClientError && error.timedOut) return;
      throw error;
    }
    if (answer.dialect === 'addressed' && answer.status.onStop === 'ignore') {
      // Not the pid of the answer: every program that may write can forge one.
      const who = pid > 0 ? ` (pid ${pid})` : '';
      const next = pid > 0 ? `; its owner can end it with: kill ${pid}` : '';
      throw new ClientError(
        'STOP_IGNORED',
        `the time server${who} ignores stop messages (--on-stop ignore)${next}`,
      );
    }
  }

  /** An alarm that can't be cancelled is gone, or ends when its next message is not read. */
  async #cancel(alarm?: number): Promise<void> {
    try {
      const timeout = Math.min(this.#timeout, CANCEL_TIMEOUT);
      await this.#askAlarms({ ask: 'cancel', alarm }, { timeout }, () => undefined);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
    }
  }

  async #askAlarms<T>(
    ask: AlarmAsk,
    options: RequestOptions,
    read: (answer: Extract<RawAnswer, { dialect: 'addressed' }>) => T,
  ): Promise<T> {
    return await this.#request(ask, options, (answer) => {
      if (answer.dialect === 'classic') throw noAlarms(this.key);
      return read(answer);
    });
  }

  async #checkAlarm(number: number): Promise<void> {
    const alarms = await this.alarms();
    if (!alarms.some(({ alarm }) => alarm === number)) throw alarmDropped(this.key);
  }

  #readStatus(answer: RawAnswer): StatusAnswer {
    if (answer.dialect === 'classic') {
      const { dialect, style, roundTripNs } = answer;
      return { dialect, style, queue: this.#queue.stat(), roundTripNs };
    }
    return readStatus(answer);
  }

  #request<T>(
    ask: Question,
    { timeout = this.#timeout, signal }: RequestOptions,
    read: (answer: RawAnswer) => T,
  ): Promise<T> {
    try {
      this.#checkUsable(signal);
      return this.#exchange.request(ask, timeout, signal, read);
    } catch (error) {
      return Promise.reject(explain(error, this.key));
    }
  }

  #checkUsable(signal: AbortSignal | undefined): void {
    if (this.#closed) throw closed();
    if (signal?.aborted === true) throw new AbortError(signal);
  }
}
