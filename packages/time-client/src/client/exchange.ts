import { randomBytes } from 'node:crypto';
import type { Body, Key, Message, MessageQueue } from '@timeq/mq-native';
import {
  CLASSIC_REPLY,
  parseReply,
  replyTypeFrom,
  requestText,
  TimeRequestWriter,
} from '@timeq/time-protocol';
import type { Ask } from '@timeq/time-protocol';
import type { Dialect } from './answers.js';
import { ClientError } from './client-error.js';
import { Deadlines } from './deadlines.js';
import { checkServer, closed, explain, queueFull, serverDied, timedOut } from './failures.js';
import { PendingRequest } from './pending-request.js';
import type { Arrival, RequestKeeper, UnderWay } from './pending-request.js';
import { ClassicReader } from './classic-reader.js';
import { ReplyReader } from './reply-reader.js';
import { RequestSender } from './request-sender.js';
import { RequestTable } from './request-table.js';
import { ServerWatch } from './server-watch.js';

/**
 * For how long after an answer the server is taken for alive, in milliseconds. Whoever asks again and again need not look
 * each time; if the server dies in between, the watch of the request that is then under way finds out.
 */
const FRESH_MILLISECONDS = 100;

/** The requests under way on one queue, and what comes back for them. */
export class Exchange {
  /** Where this client is answered, and nobody else. */
  readonly replyType = replyTypeFrom(randomBytes(8).readBigUInt64LE());
  readonly #queue: MessageQueue;
  readonly #key: Key;
  readonly #requests = new RequestTable<UnderWay>();
  readonly #sender: RequestSender<UnderWay>;
  /** One for each place. */
  readonly #writers: TimeRequestWriter[] = [];
  readonly #addressed: ReplyReader;
  readonly #classic: ClassicReader;
  readonly #watch: ServerWatch;
  readonly #keeper: RequestKeeper = {
    ended: (request) => this.#forget(request),
    expired: (request, timeout) => this.#expired(request, timeout),
    explain: (reason) => explain(reason, this.#key),
  };
  readonly #deadlines: Deadlines;
  #dialect: Dialect | undefined;
  /** The server that was alive when the requests under way began; 0 when none gave a sign of life. */
  #serverPid = 0;
  #lastId = 0;
  /** When the last answer came at this client's own type, by performance.now(). */
  #answeredAt = -Infinity;
  /** How many replies at type 3 are still to come, or lie there, for requests that were given up. */
  #owed = 0;

  constructor(queue: MessageQueue, key: Key, dialect: Dialect | undefined) {
    this.#queue = queue;
    this.#key = key;
    this.#dialect = dialect;
    this.#sender = new RequestSender(queue, (request, place) => this.#wording(request, place));
    const failAll = (error: unknown): void => this.#failAll(error);
    this.#addressed = new ReplyReader(
      queue.id,
      this.replyType,
      (message, now) => this.#takeAddressed(message, now),
      failAll,
      () => this.#requests.size > 0,
    );
    this.#classic = new ClassicReader(queue, CLASSIC_REPLY, (message) => this.#takeClassic(message), failAll);
    this.#deadlines = new Deadlines(this.#requests);
    this.#watch = new ServerWatch(key, (pid) => this.#serverDied(pid));
  }

  /** How the server answers; undefined until that is known. */
  get dialect(): Dialect | undefined {
    return this.#dialect;
  }

  /**
   * Sends a request, and waits for what comes back for it.
   * @param read what to make of it
   */
  request<T>(
    ask: Ask,
    timeout: number,
    signal: AbortSignal | undefined,
    read: (arrival: Arrival) => T,
  ): Promise<T> {
    const now = performance.now();
    if (this.#requests.size === 0) this.#lookAtServer(now);
    const deadline = now + timeout;
    const request = new PendingRequest(
      { id: ++this.#lastId, ask, since: now, deadline, timeout, signal, read },
      this.#keeper,
    );
    this.#requests.add(request);
    this.#deadlines.add(deadline);
    this.#send(request, now);
    return request.promise;
  }

  /** Gives up all requests, and takes the answers that still came for them out of the queue. */
  close(): void {
    this.#failAll(closed());
    try {
      this.#addressed.drain();
      this.#dropOwed();
    } catch {
      // The queue is gone, and the answers with it.
    }
    this.#addressed.close();
    this.#watch.close();
    this.#deadlines.stop();
  }

  #lookAtServer(now: number): void {
    if (now - this.#answeredAt < FRESH_MILLISECONDS) return;
    const liveness = checkServer(this.#key);
    this.#serverPid = liveness.state === 'alive' ? liveness.pid : 0;
    // Only Timeq's servers give a sign of life, and all of them answer at the client's own type.
    if (liveness.state === 'alive') this.#dialect ??= 'addressed';
    this.#dropOwed();
  }

  /** Else an answer that came late would be taken for the next request's, and that one's for the next, for ever. */
  #dropOwed(): void {
    while (this.#owed > 0 && this.#queue.tryReceive({ type: CLASSIC_REPLY }) !== undefined) this.#owed--;
  }

  #send(request: UnderWay, now: number): void {
    if (this.#requests.size === 1) this.#sender.send(request);
    else this.#sender.sendSoon(request);
    if (!request.over) this.#listen(now);
  }

  #wording({ id, ask }: UnderWay, place: number): Body {
    if (this.#dialect === 'classic') return '';
    const { replyType } = this;
    const usual =
      ask === 'time' ? (this.#writers[place] ??= new TimeRequestWriter(replyType)).write(id) : undefined;
    return usual ?? requestText({ id, replyTo: replyType, ask });
  }

  /** Waits for as much as the requests under way need, and no more. */
  #listen(now: number): void {
    this.#watch.start(this.#serverPid, now);
    if (this.#dialect !== 'classic') this.#addressed.start();
    if (this.#dialect !== 'addressed') this.#classic.start();
  }

  #takeAddressed({ body }: Message, now: number): void {
    const reply = parseReply(body);
    const request = this.#requests.get(Number(reply?.id));
    if (reply === undefined || request === undefined) return;
    this.#answeredAt = now;
    if (this.#dialect === undefined) {
      this.#dialect = 'addressed';
      this.#classic.stop();
    }
    if (reply.kind === 'error') {
      request.reject(
        new ClientError('REFUSED', `the time server refused: ${reply.error.message} (${reply.error.code})`),
      );
    } else {
      request.resolveAddressed(reply, now);
    }
  }

  #takeClassic({ body }: Message): void {
    const oldest = this.#oldestSent();
    if (this.#dialect === 'addressed' || oldest === undefined) {
      // Taken by a hair's breadth, for nobody here: another client waits for it. A full queue has no room for it.
      this.#queue.trySend(CLASSIC_REPLY, body);
      return;
    }
    if (this.#dialect === undefined) {
      this.#dialect = 'classic';
      this.#addressed.stop();
    }
    oldest.resolveClassic(body.toString(), performance.now());
  }

  #oldestSent(): UnderWay | undefined {
    for (const request of this.#requests) if (request.sent) return request;
    return undefined;
  }

  #expired({ sent }: UnderWay, timeout: number): unknown {
    try {
      return sent ? timedOut(this.#queue, this.#key, timeout) : queueFull(this.#queue, this.#key, timeout);
    } catch (error) {
      return error;
    }
  }

  #serverDied(pid: number): void {
    try {
      // It may have answered before it died.
      this.#addressed.drain();
    } catch {
      // The queue is gone as well.
    }
    this.#failAll(serverDied(this.#key, pid));
  }

  #failAll(reason: unknown): void {
    for (const request of this.#requests) request.reject(reason);
  }

  #forget(request: UnderWay): void {
    this.#requests.remove(request);
    this.#sender.giveUp(request);
    if (request.sent && !request.answered && this.#dialect !== 'addressed') this.#owed++;
    if (this.#requests.size > 0) return;
    this.#watch.stop();
    this.#addressed.stop();
    this.#classic.stop();
  }
}
