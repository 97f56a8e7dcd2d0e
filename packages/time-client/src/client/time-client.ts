import { randomBytes } from 'node:crypto';
import { AbortError, MessageQueue } from '@timeq/mq-native';
import type { Key, Message } from '@timeq/mq-native';
import {
  buildRequest,
  CLASSIC_REPLY,
  DEFAULT_KEY,
  parseReply,
  replyTypeFrom,
  REQUEST,
} from '@timeq/time-protocol';
import type { Ask } from '@timeq/time-protocol';
import type { Dialect, StatusAnswer, TimeAnswer } from './answers.js';
import { ClientError } from './client-error.js';
import { DEFAULT_TIMEOUT } from './connect-options.js';
import type { ConnectOptions } from './connect-options.js';
import { checkServer, closed, explain, queueFull, serverDied, timedOut } from './failures.js';
import { PendingRequest } from './pending-request.js';
import type { Arrival, RequestOptions } from './pending-request.js';
import { ReplyReader } from './reply-reader.js';
import { ServerWatch } from './server-watch.js';

/**
 * A client of the time server at one key.
 *
 * Any number of requests may be under way at once. They are answered at one message type, which the client draws at
 * random and nobody else reads; an id tells the answers apart, and one that comes after its request was given up is
 * dropped. A server that was written before all this answers at type 3, which is taken as well where no sign of life
 * says that the server is Timeq's.
 *
 * After `QUEUE_REMOVED` a client is of no more use: connect again.
 */
export class TimeClient {
  readonly key: Key;
  readonly #queue: MessageQueue;
  readonly #timeout: number;
  readonly #replyType = replyTypeFrom(randomBytes(8).readBigUInt64LE());
  readonly #requests = new Map<number, PendingRequest>();
  readonly #addressed: ReplyReader;
  readonly #classic: ReplyReader;
  readonly #watch: ServerWatch;
  #dialect: Dialect | undefined;
  /** The server that was alive when the requests under way began; 0 when none gave a sign of life. */
  #serverPid = 0;
  #lastId = 0;
  /** How many replies at type 3 are still to come, or lie there, for requests that were given up. */
  #owed = 0;
  #closed = false;

  private constructor(queue: MessageQueue, key: Key, options: ConnectOptions) {
    this.key = key;
    this.#queue = queue;
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT;
    if (options.classic === true) this.#dialect = 'classic';
    const failAll = (error: unknown): void => this.#failAll(explain(error, key));
    this.#addressed = new ReplyReader(
      queue,
      this.#replyType,
      (message) => this.#takeAddressed(message),
      failAll,
    );
    this.#classic = new ReplyReader(queue, CLASSIC_REPLY, (message) => this.#takeClassic(message), failAll);
    this.#watch = new ServerWatch(key, (pid) => this.#serverDied(pid));
  }

  /**
   * Opens the queue at a key, and sends nothing.
   *
   * @throws {ClientError} `NO_QUEUE`, or `NOT_PERMITTED` when this process may not receive its answers
   */
  static connect(key: Key = DEFAULT_KEY, options: ConnectOptions = {}): TimeClient {
    let queue: MessageQueue | undefined;
    try {
      queue = MessageQueue.open(key);
      const client = new TimeClient(queue, key, options);
      // The kernel checks permissions when a queue is used, and an answer that may not be read must not be asked for.
      queue.tryReceive({ type: client.#replyType });
      return client;
    } catch (error) {
      queue?.close();
      throw explain(error, key);
    }
  }

  /** How the server answers; undefined until that is known. */
  get dialect(): Dialect | undefined {
    return this.#dialect;
  }

  /**
   * The time.
   *
   * @throws {ClientError}
   */
  async now(options: RequestOptions = {}): Promise<TimeAnswer> {
    const arrival = await this.#request('time', options);
    if (arrival.dialect === 'classic') return arrival;
    const { reply, roundTripNs } = arrival;
    if (reply.kind !== 'time')
      throw new ClientError('REFUSED', 'the server answered with something else than the time');
    const { time, received, sent, asctime } = reply;
    return { dialect: 'addressed', time, received, sent, asctime, roundTripNs };
  }

  /**
   * What the server says of itself.
   *
   * @throws {ClientError}
   */
  async status(options: RequestOptions = {}): Promise<StatusAnswer> {
    const arrival = await this.#request('status', options);
    const { dialect, roundTripNs } = arrival;
    if (dialect === 'classic') return { dialect, queue: this.#queue.stat(), roundTripNs };
    const { reply } = arrival;
    if (reply.kind !== 'status')
      throw new ClientError('REFUSED', 'the server answered with something else than its status');
    return { dialect, status: reply.status, roundTripNs };
  }

  /**
   * Stops the server, and waits until its queue is gone.
   *
   * @throws {ClientError} `STOP_IGNORED` when the server is not to be stopped by a message: then none is sent
   */
  async stop(options: RequestOptions = {}): Promise<void> {
    const { timeout = this.#timeout, signal } = options;
    const until = performance.now() + timeout;
    this.#checkUsable(signal);
    try {
      const liveness = checkServer(this.key);
      if (liveness.state === 'alive') await this.#checkStoppable(options);
      const { stopServer } = await import('./stop-server.js');
      const left = Math.max(0, until - performance.now());
      await stopServer(this.#queue, this.key, {
        timeout,
        left,
        signal,
        pid: liveness.state === 'alive' ? liveness.pid : 0,
      });
    } catch (error) {
      throw explain(error, this.key);
    }
  }

  /** Gives up all requests, takes back the answers that still came for them, and closes the handle on the queue. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#failAll(closed());
    try {
      this.#addressed.drain();
      this.#dropOwed();
    } catch {
      // The queue is gone, and the answers with it.
    }
    this.#queue.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  async #checkStoppable(options: RequestOptions): Promise<void> {
    const answer = await this.status(options);
    if (answer.dialect === 'addressed' && answer.status.onStop === 'ignore') {
      throw new ClientError(
        'STOP_IGNORED',
        `the time server (pid ${answer.status.pid}) ignores stop messages (--on-stop ignore); its owner can end it with: ` +
          `kill ${answer.status.pid}`,
      );
    }
  }

  async #request(ask: Ask, { timeout = this.#timeout, signal }: RequestOptions): Promise<Arrival> {
    this.#checkUsable(signal);
    try {
      if (this.#requests.size === 0) this.#lookAtServer();
      const request = new PendingRequest({
        id: ++this.#lastId,
        ask,
        timeout,
        signal,
        ended: (ended) => this.#forget(ended),
        expired: (late) => this.#expired(late, timeout),
      });
      this.#requests.set(request.id, request);
      this.#send(request);
      return await request.arrival;
    } catch (error) {
      throw explain(error, this.key);
    }
  }

  #checkUsable(signal: AbortSignal | undefined): void {
    if (this.#closed) throw closed();
    if (signal?.aborted === true) throw new AbortError(signal);
  }

  #lookAtServer(): void {
    const liveness = checkServer(this.key);
    this.#serverPid = liveness.state === 'alive' ? liveness.pid : 0;
    // Only Timeq's servers give a sign of life, and all of them answer at the client's own type.
    if (liveness.state === 'alive') this.#dialect ??= 'addressed';
    this.#dropOwed();
  }

  /** Else an answer that came late would be taken for the next request's, and that one's for the next, for ever. */
  #dropOwed(): void {
    while (this.#owed > 0 && this.#queue.tryReceive({ type: CLASSIC_REPLY }) !== undefined) this.#owed--;
  }

  #send(request: PendingRequest): void {
    const body =
      this.#dialect === 'classic'
        ? ''
        : buildRequest({ id: request.id, replyTo: this.#replyType, ask: request.ask });
    try {
      request.sent = this.#queue.trySend(REQUEST, body);
    } catch (error) {
      request.reject(error);
      return;
    }
    this.#listen();
    if (!request.sent) void this.#sendWhenRoom(request, body);
  }

  async #sendWhenRoom(request: PendingRequest, body: string | Uint8Array): Promise<void> {
    request.sending = new AbortController();
    try {
      await this.#queue.send(REQUEST, body, { signal: request.sending.signal });
      request.sent = true;
    } catch (error) {
      request.reject(error);
    }
  }

  /** Waits for as much as the requests under way need, and no more. */
  #listen(): void {
    this.#watch.start(this.#serverPid);
    if (this.#dialect !== 'classic') this.#addressed.start();
    if (this.#dialect !== 'addressed') this.#classic.start();
  }

  #takeAddressed({ body }: Message): void {
    const reply = parseReply(body);
    const request = this.#requests.get(Number(reply?.id));
    if (reply === undefined || request === undefined) return;
    if (this.#dialect === undefined) {
      this.#dialect = 'addressed';
      this.#classic.stop();
    }
    if (reply.kind === 'error') {
      request.reject(
        new ClientError('REFUSED', `the time server refused: ${reply.error.message} (${reply.error.code})`),
      );
    } else {
      request.resolveAddressed(reply);
    }
  }

  #takeClassic({ body }: Message): void {
    const [oldest] = this.#requests.values();
    if (this.#dialect === 'addressed' || oldest === undefined) {
      // Taken by a hair's breadth, for nobody here: another client waits for it. A full queue has no room for it.
      this.#queue.trySend(CLASSIC_REPLY, body);
      return;
    }
    if (this.#dialect === undefined) {
      this.#dialect = 'classic';
      this.#addressed.stop();
    }
    oldest.resolveClassic(body.toString());
  }

  #expired(request: PendingRequest, timeout: number): unknown {
    try {
      return request.sent
        ? timedOut(this.#queue, this.key, timeout)
        : queueFull(this.#queue, this.key, timeout);
    } catch (error) {
      return explain(error, this.key);
    }
  }

  #serverDied(pid: number): void {
    try {
      // It may have answered before it died.
      this.#addressed.drain();
    } catch {
      // The queue is gone as well.
    }
    this.#failAll(serverDied(this.key, pid));
  }

  #failAll(reason: unknown): void {
    for (const request of this.#requests.values()) request.reject(reason);
  }

  #forget(request: PendingRequest): void {
    this.#requests.delete(request.id);
    if (request.sent && !request.answered && this.#dialect !== 'addressed') this.#owed++;
    if (this.#requests.size > 0) return;
    this.#watch.stop();
    this.#addressed.stop();
    this.#classic.stop();
  }
}
