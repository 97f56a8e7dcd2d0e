import type { Body, Key, Message, MessageQueue } from '@timeq/mq-native';
import { drawReplyType, parseReply, requestText, TimeRequestWriter, type Ring } from '@timeq/time-protocol';
import type { Dialect } from './answers.js';
import type { AskStyle } from './ask-style.js';
import { ClassicExchange } from './classic-exchange.js';
import { ClientError } from './client-error.js';
import {
  alarmsLost,
  checkServer,
  closed,
  explain,
  notSent,
  queueFull,
  serverDied,
  timedOut,
} from './failures.js';
import {
  ClientRequest,
  type PendingRequest,
  type Question,
  type RawAnswer,
  type RequestOwner,
} from './pending-request.js';
import { ReplyReader } from './reply-reader.js';
import { RequestSender } from './request-sender.js';
import { RequestTable } from './request-table.js';
import { ServerWatch } from './server-watch.js';

/**
 * How long after an answer the server counts as alive, in milliseconds. So a client that asks again and again need not
 * check each time; if the server dies in between, the watch of the pending request finds out.
 */
const FRESH_MILLISECONDS = 100;

/** What waits for the turns of an alarm. */
export interface AlarmListener {
  ring(ring: Ring): void;
  /** It rings no more. */
  fail(reason: unknown): void;
}

/** The pending requests and alarms on one queue, and the messages to them. */
export class Exchange {
  /** The message type at which only this client is answered. */
  readonly replyType = drawReplyType();
  readonly #queue: MessageQueue;
  readonly #key: Key;
  readonly #requests = new RequestTable<PendingRequest>();
  /** By their numbers. */
  readonly #alarms = new Map<number, AlarmListener>();
  readonly #sender: RequestSender<PendingRequest>;
  /** One for each place in a batch. */
  readonly #writers: TimeRequestWriter[] = [];
  readonly #addressed: ReplyReader;
  readonly #ask: AskStyle;
  #classic: ClassicExchange | undefined;
  readonly #watch: ServerWatch;
  readonly #owner: RequestOwner = {
    ended: (request) => this.#forget(request),
    expired: (request, timeout) => this.#expired(request, timeout),
    explain: (reason) => explain(reason, this.#key),
  };
  #dialect: Dialect | undefined;
  /** The server that was alive when the pending requests began; 0 if none gave a sign of life. */
  #serverPid = 0;
  #lastId = 0;
  /** When the last answer came at this client's own type, by performance.now(). */
  #answeredAt = -Infinity;

  constructor(queue: MessageQueue, key: Key, ask: AskStyle) {
    this.#queue = queue;
    this.#key = key;
    this.#ask = ask;
    this.#sender = new RequestSender(queue, (request, place) => this.#encode(request, place));
    const failAll = (error: unknown): void => this.#failAll(error);
    this.#addressed = new ReplyReader(
      queue.id,
      this.replyType,
      (message, now) => this.#takeAddressed(message, now),
      failAll,
      () => this.#isWaiting,
    );
    this.#watch = new ServerWatch(
      key,
      (pid) => this.#serverDied(pid),
      (pid) => this.#serverLeft(pid),
    );
  }

  get #isWaiting(): boolean {
    return this.#requests.size > 0 || this.#alarms.size > 0;
  }

  /** How the server answers; undefined until that is known. */
  get dialect(): Dialect | undefined {
    return this.#dialect;
  }

  /**
   * Sends a request, and waits for its answer.
   * @param read makes the result of the answer
   */
  request<T>(
    ask: Question,
    timeout: number,
    signal: AbortSignal | undefined,
    read: (answer: RawAnswer) => T,
  ): Promise<T> {
    const now = performance.now();
    if (this.#requests.size === 0) this.#checkServer(now);
    const request = new ClientRequest(
      { id: ++this.#lastId, ask, since: now, timeout, signal, read },
      this.#owner,
    );
    this.#requests.add(request);
    this.#send(request, now);
    return request.promise;
  }

  /** Waits for the turns of an alarm that the server has just said it has. */
  addAlarm(alarm: number, listener: AlarmListener): void {
    this.#alarms.set(alarm, listener);
    this.#watch.start(this.#serverPid, performance.now());
    this.#addressed.start();
  }

  /** The alarm is over. */
  removeAlarm(alarm: number): void {
    if (this.#alarms.delete(alarm)) this.#rest();
  }

  /** Cancels all requests, and takes answers that still came for them out of the queue. */
  close(): void {
    this.#failAll(closed());
    try {
      this.#addressed.drain();
      this.#classic?.dropLate();
    } catch {
      // The queue is gone, and the answers with it.
    }
    this.#addressed.close();
    this.#classic?.close();
    this.#watch.close();
  }

  #checkServer(now: number): void {
    if (now - this.#answeredAt < FRESH_MILLISECONDS) return;
    const liveness = checkServer(this.#key);
    this.#serverPid = liveness.state === 'alive' ? liveness.pid : 0;
    this.#dialect ??= this.#dialectOf(liveness.state === 'alive');
    if (this.#dialect === 'classic') this.#classic ??= this.#makeClassic();
    this.#classic?.dropLate();
  }

  /** Only Timeq's servers give a sign of life, and all of them answer at the client's own type. */
  #dialectOf(isTimeqs: boolean): Dialect {
    if (this.#ask === 'addressed') return 'addressed';
    return this.#ask === 'auto' && isTimeqs ? 'addressed' : 'classic';
  }

  #makeClassic(): ClassicExchange {
    return new ClassicExchange({
      queue: this.#queue,
      ask: this.#ask === 'addressed' ? 'auto' : this.#ask,
      send: (request) => this.#sender.send(request),
      oldestSent: () => this.#oldestSent(),
      fail: (error) => this.#failAll(error),
    });
  }

  #send(request: PendingRequest, now: number): void {
    this.#watch.start(this.#serverPid, now);
    // Timeq's server never takes its own replies.
    if (this.#classic !== undefined && this.#serverPid === 0) {
      this.#classic.sendInTurn(request);
      return;
    }
    if (this.#requests.size === 1) this.#sender.send(request);
    else this.#sender.sendSoon(request);
    if (request.over) return;
    if (this.#classic === undefined) this.#addressed.start();
    else this.#classic.listen();
  }

  #encode({ id, ask }: PendingRequest, place: number): Body {
    if (this.#classic !== undefined) return this.#classic.places.body;
    const { replyType } = this;
    if (typeof ask === 'object') return requestText({ id, replyTo: replyType, ...ask });
    const usual =
      ask === 'time' ? (this.#writers[place] ??= new TimeRequestWriter(replyType)).write(id) : undefined;
    return usual ?? requestText({ id, replyTo: replyType, ask });
  }

  #takeAddressed({ body }: Message, now: number): void {
    const reply = parseReply(body);
    if (reply?.kind === 'ring') {
      this.#alarms.get(reply.alarm)?.ring(reply);
      return;
    }
    const request = this.#requests.get(Number(reply?.id));
    if (reply === undefined || request === undefined) return;
    this.#answeredAt = now;
    if (reply.kind === 'error') {
      request.reject(
        new ClientError('REFUSED', `the time server refused: ${reply.error.message} (${reply.error.code})`),
      );
    } else {
      request.resolveAddressed(reply, now);
    }
  }

  #oldestSent(): PendingRequest | undefined {
    for (const request of this.#requests) if (request.sent) return request;
    return undefined;
  }

  #expired(request: PendingRequest, timeout: number): unknown {
    try {
      if (!request.sent) {
        return this.#sender.waitsForRoom
          ? queueFull(this.#queue, this.#key, timeout)
          : notSent(this.#key, timeout, this.#oldestSent() !== undefined);
      }
      return timedOut(this.#queue, this.#key, timeout, {
        body: this.#encode(request, 0),
        since: Math.floor((Date.now() - timeout) / 1000),
        styles: this.#classic?.places.styles ?? [],
      });
    } catch (error) {
      // It may have been removed at the same moment.
      return error;
    }
  }

  #serverDied(pid: number): void {
    this.#takeLast();
    this.#failAll(serverDied(this.#key, pid));
  }

  /** Its alarms are gone with it, also where another server answers the requests. */
  #serverLeft(pid: number): void {
    if (this.#alarms.size === 0) return;
    this.#takeLast();
    this.#failAlarms(alarmsLost(this.#key, pid));
  }

  /** Takes what a server sent before it died. */
  #takeLast(): void {
    try {
      this.#addressed.drain();
    } catch {
      // The queue is gone as well.
    }
  }

  #failAll(reason: unknown): void {
    for (const request of this.#requests) request.reject(reason);
    this.#failAlarms(explain(reason, this.#key));
  }

  #failAlarms(reason: unknown): void {
    for (const alarm of this.#alarms.values()) alarm.fail(reason);
  }

  #forget(request: PendingRequest): void {
    this.#requests.remove(request);
    this.#sender.cancel(request);
    this.#classic?.ended(request);
    this.#rest();
  }

  #rest(): void {
    if (this.#isWaiting) return;
    this.#watch.stop();
    this.#addressed.stop();
    this.#classic?.stop();
  }
}
