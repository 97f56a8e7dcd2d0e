import { randomBytes } from 'node:crypto';
import {
  ConnectionState,
  explainForbidden,
  type ConnectionListener,
  type NatsConnection,
  type NatsMessage,
  type NatsSubscription,
} from '@timeq/nats';
import { FIRST_ADDRESSED_TYPE, parseReply, requestText, TimeRequestWriter } from '@timeq/time-protocol';
import { ClientError } from '../client/client-error.js';
import type { AlarmListener } from '../client/exchange.js';
import { closed } from '../client/failures.js';
import {
  ClientRequest,
  type PendingRequest,
  type Question,
  type RawAnswer,
  type RequestOwner,
} from '../client/pending-request.js';
import { RequestTable } from '../client/request-table.js';
import { durationText } from '../format/span.js';
import { AttemptPace } from './attempt-pace.js';

/** NATS's own answer if no server listens. */
const NO_RESPONDERS = 503;

/** The time between two attempts while no server listens, in milliseconds: the first, and the longest. */
const FIRST_BACK_OFF = 20;
const LONGEST_BACK_OFF = 200;

/** How long a client that was never answered believes that a server is about to come, in milliseconds. */
const PATIENCE = 500;

/** How often it is looked whether an attempt has waited long enough, in milliseconds. */
const LOOK = 10;

/** Every request has a way back of its own, so that the type that it names means nothing. */
const WAY = Number(FIRST_ADDRESSED_TYPE);

/** A question, to one of the servers or to any. */
export interface NatsQuestion {
  readonly ask: Question;
  /** Its id. */
  readonly server?: string | undefined;
}

interface Attempted extends PendingRequest<NatsQuestion> {
  readonly since: number;
  attempts: number;
  /** How often no server listened. */
  refusals: number;
  /** By performance.now(). */
  nextAttempt: number;
}

class NatsRequest<T> extends ClientRequest<T, NatsQuestion> implements Attempted {
  attempts = 0;
  refusals = 0;
  nextAttempt = Infinity;
  readonly since: number;

  constructor(...[details, owner]: ConstructorParameters<typeof ClientRequest<T, NatsQuestion>>) {
    super(details, owner);
    this.since = details.since;
  }
}

/**
 * The requests under way over one connection. There is one inbox for all answers, and a request whose answer stays away is
 * sent again, with the same id, to whichever server NATS then chooses: the first answer counts, later ones are dropped.
 */
export class NatsExchange {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  readonly #inbox: string;
  readonly #subscription: NatsSubscription;
  readonly #requests = new RequestTable<Attempted>();
  readonly #pace = new AttemptPace();
  readonly #writer = new TimeRequestWriter(WAY);
  /** By the ids of their requests. */
  readonly #alarms = new Map<number, AlarmListener>();
  readonly #owner: RequestOwner<NatsQuestion> = {
    ended: (request) => this.#requests.remove(request as Attempted),
    expired: (request, timeout) => this.#expired(request as Attempted, timeout),
    explain: (reason) => reason,
  };
  #lastId = 0;
  readonly #state: ConnectionState;
  readonly #listener: ConnectionListener = {
    // Messages of alarms may be lost.
    disconnected: () =>
      this.#failAlarms(new ClientError('DISCONNECTED', 'NATS is gone, and the alarms with it')),
    connected: () => this.#sendAgain(),
    failed: (error) => {
      if (this.#concerns(error)) this.#forbid(error);
    },
    closed: () => this.#failAll(closed()),
  };
  #everAnswered = false;
  /** Whether the last that was heard is that no server listens. */
  #isWithoutServer = false;
  #forbidden: ClientError | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param subject what servers listen to, before `.now` and `.status`
   * @param inboxPrefix what subjects of answers begin with
   */
  constructor(connection: NatsConnection, subject: string, inboxPrefix: string) {
    this.#connection = connection;
    this.#subject = subject;
    this.#inbox = `${inboxPrefix}.${randomBytes(12).toString('hex')}.`;
    this.#subscription = connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error === null) this.#take(message);
        else this.#forbid(error);
      },
    });
    this.#state = ConnectionState.of(connection);
    this.#state.listeners.add(this.#listener);
  }

  /**
   * Sends a request, and waits for what comes back for it.
   * @param read what to make of it
   */
  request<T>(
    ask: NatsQuestion,
    timeout: number,
    signal: AbortSignal | undefined,
    read: (answer: RawAnswer) => T,
  ): Promise<T> {
    if (this.#forbidden !== undefined) return Promise.reject(this.#forbidden);
    if (this.#connection.isClosed()) return Promise.reject(closed());
    const now = performance.now();
    const request = new NatsRequest(
      { id: ++this.#lastId, ask, since: now, timeout, signal, read },
      this.#owner,
    );
    this.#requests.add(request);
    // What is published while there is no connection is lost.
    if (this.#state.isConnected) this.#send(request, now);
    return request.promise;
  }

  /** Waits for the turns of an alarm, which ring where the request for it was answered. */
  addAlarm(id: number, listener: AlarmListener): void {
    this.#alarms.set(id, listener);
  }

  /** The alarm is over. */
  removeAlarm(id: number): void {
    this.#alarms.delete(id);
  }

  /** Cancels all requests, and ends all alarms. The connection stays. */
  close(): void {
    this.#state.listeners.delete(this.#listener);
    this.#failAll(closed());
    clearTimeout(this.#timer);
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }

  #send(request: Attempted, now: number): void {
    const { id, ask: question } = request;
    const { ask } = question;
    // The client library keeps what it is given until it sends it, and the writer writes into the same memory again.
    const usual = ask === 'time' ? this.#writer.write(id)?.slice() : undefined;
    request.attempts += 1;
    // An alarm that is set twice rings twice.
    request.nextAttempt = typeof ask === 'object' ? Infinity : now + this.#pace.wait(request.attempts);
    const body = usual ?? requestText({ id, replyTo: WAY, ...(typeof ask === 'object' ? ask : { ask }) });
    try {
      this.#connection.publish(this.#subjectOf(question), body, { reply: this.#inbox + id });
    } catch (error) {
      request.reject(this.#connection.isClosed() ? closed() : error);
      return;
    }
    request.sent = true;
    this.#timer ??= setTimeout(() => this.#look(), LOOK).unref();
  }

  /** Sends again what has waited long enough. */
  #look(): void {
    this.#timer = undefined;
    if (this.#requests.size === 0 || !this.#state.isConnected) return;
    const now = performance.now();
    for (const request of this.#requests) if (request.nextAttempt <= now) this.#send(request, now);
    if (this.#requests.size > 0) this.#timer ??= setTimeout(() => this.#look(), LOOK).unref();
  }

  #sendAgain(): void {
    const now = performance.now();
    for (const request of this.#requests) {
      if (!request.sent || typeof request.ask.ask !== 'object') this.#send(request, now);
    }
  }

  #take({ subject, data, headers }: NatsMessage): void {
    const id = Number(subject.slice(this.#inbox.length));
    const request = this.#requests.get(id);
    if (request === undefined) {
      this.#takeUnasked(id, data);
      return;
    }
    const now = performance.now();
    if (headers?.code === NO_RESPONDERS && data.length === 0) {
      this.#refused(request, now);
      return;
    }
    const reply = parseReply(data);
    this.#everAnswered = true;
    if (request.attempts === 1) this.#pace.answered(now - request.since);
    if (reply === undefined || reply.kind === 'ring' || (reply.kind !== 'error' && reply.id !== request.id)) {
      const what = `what listens at ${this.#subjectOf(request.ask)} is not a time server`;
      request.reject(new ClientError('REFUSED', what));
    } else if (reply.kind === 'error') {
      const { message, code } = reply.error;
      request.reject(new ClientError('REFUSED', `the time server refused: ${message} (${code})`));
    } else {
      request.resolveAddressed(reply, now);
    }
    if (this.#isWithoutServer) this.#sendToNewServer(now);
  }

  /** One request found a server: the others need not wait for their own next attempts. */
  #sendToNewServer(now: number): void {
    this.#isWithoutServer = false;
    for (const request of this.#requests) if (request.nextAttempt !== Infinity) this.#send(request, now);
  }

  /** A turn of an alarm; or an answer after another server's, or to a request that was cancelled. */
  #takeUnasked(id: number, data: Uint8Array): void {
    const reply = parseReply(data);
    if (reply?.kind === 'ring') {
      this.#alarms.get(id)?.ring(reply);
    } else if (reply?.kind === 'alarm' && !this.#alarms.has(id)) {
      const { alarm, server } = reply;
      const body = requestText({ id, replyTo: WAY, ask: 'cancel', alarm });
      this.#connection.publish(this.#subjectOf({ ask: 'time', server }), body, { reply: this.#inbox + id });
    }
  }

  /** No server listens. Servers that were there may come back at any moment; if there never was one, most likely none will. */
  #refused(request: Attempted, now: number): void {
    const { server } = request.ask;
    if (server !== undefined) {
      request.reject(new ClientError('NO_RESPONDERS', `the time server ${server} is gone from NATS`));
      return;
    }
    if (!this.#everAnswered && now - request.since >= PATIENCE) {
      request.reject(this.#noResponders(request));
      return;
    }
    this.#isWithoutServer = true;
    request.nextAttempt = now + Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** request.refusals);
    request.refusals += 1;
  }

  #noResponders({ ask }: Attempted): ClientError {
    return noResponders(this.#subjectOf(ask), this.#connection);
  }

  #expired(request: Attempted, timeout: number): ClientError {
    const within = `within ${durationText(timeout)}`;
    if (!this.#state.isConnected) {
      return new ClientError('DISCONNECTED', `NATS was gone, and did not come back ${within}`);
    }
    if (request.refusals > 0) return this.#noResponders(request);
    const what = `no answer at ${this.#subjectOf(request.ask)} ${within}, though something listens there`;
    return new ClientError('TIMED_OUT', what);
  }

  #forbid(error: Error): void {
    const { message } = explainForbidden(error) ?? error;
    this.#forbidden = new ClientError('NOT_PERMITTED', message, { cause: error });
    this.#failAll(this.#forbidden);
  }

  #failAll(reason: unknown): void {
    for (const request of this.#requests) request.reject(reason);
    this.#failAlarms(reason);
  }

  #failAlarms(reason: unknown): void {
    for (const alarm of this.#alarms.values()) alarm.fail(reason);
  }

  #subjectOf({ ask, server }: NatsQuestion): string {
    if (server !== undefined) return `${this.#subject}.${server}.now`;
    return `${this.#subject}.${ask === 'status' ? 'status' : 'now'}`;
  }

  /** Whether it forbids to ask what is asked. */
  #concerns(error: Error): boolean {
    if (explainForbidden(error) === undefined) return false;
    const { subject } = error as { subject?: string };
    for (const { ask } of this.#requests) if (this.#subjectOf(ask) === subject) return true;
    return false;
  }
}

/** There is NATS, and no time server. */
export function noResponders(subject: string, connection: NatsConnection): ClientError {
  return new ClientError(
    'NO_RESPONDERS',
    `no time server listens at ${subject} on NATS at ${connection.getServer()}; start one with: time-server --nats`,
  );
}
