import { randomBytes } from 'node:crypto';
import { explainForbidden } from '@timeq/nats';
import type { NatsConnection, NatsMessage, NatsSubscription } from '@timeq/nats';
import { FIRST_ADDRESSED_TYPE, parseReply, requestText, TimeRequestWriter } from '@timeq/time-protocol';
import type { Ask } from '@timeq/time-protocol';
import { ClientError } from '../client/client-error.js';
import { closed } from '../client/failures.js';
import { ClientRequest } from '../client/pending-request.js';
import type { PendingRequest, RawAnswer, RequestOwner } from '../client/pending-request.js';
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

interface Attempted extends PendingRequest<Ask> {
  readonly since: number;
  attempts: number;
  /** How often no server listened. */
  refusals: number;
  /** By performance.now(). */
  nextAttempt: number;
}

class NatsRequest<T> extends ClientRequest<T, Ask> implements Attempted {
  attempts = 0;
  refusals = 0;
  nextAttempt = Infinity;
  readonly since: number;

  constructor(...[details, owner]: ConstructorParameters<typeof ClientRequest<T, Ask>>) {
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
  readonly #subjects: Readonly<Record<Ask, string>>;
  readonly #inbox: string;
  readonly #subscription: NatsSubscription;
  readonly #requests = new RequestTable<Attempted>();
  readonly #pace = new AttemptPace();
  readonly #writer = new TimeRequestWriter(WAY);
  readonly #owner: RequestOwner<Ask> = {
    ended: (request) => this.#requests.remove(request as Attempted),
    expired: (request, timeout) => this.#expired(request as Attempted, timeout),
    explain: (reason) => reason,
  };
  #lastId = 0;
  #connected = true;
  #everAnswered = false;
  #forbidden: ClientError | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param subject what servers listen to, before `.now` and `.status`
   * @param inboxPrefix what subjects of answers begin with
   */
  constructor(connection: NatsConnection, subject: string, inboxPrefix: string) {
    this.#connection = connection;
    this.#subjects = { time: `${subject}.now`, status: `${subject}.status` };
    this.#inbox = `${inboxPrefix}.${randomBytes(12).toString('hex')}.`;
    this.#subscription = connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error === null) this.#take(message);
        else this.#forbid(error);
      },
    });
    void this.#watch();
  }

  /**
   * Sends a request, and waits for what comes back for it.
   * @param read what to make of it
   */
  request<T>(
    ask: Ask,
    timeout: number,
    signal: AbortSignal | undefined,
    read: (answer: RawAnswer) => T,
  ): Promise<T> {
    if (this.#forbidden !== undefined) return Promise.reject(this.#forbidden);
    const now = performance.now();
    const request = new NatsRequest(
      { id: ++this.#lastId, ask, since: now, timeout, signal, read },
      this.#owner,
    );
    this.#requests.add(request);
    // What is published while there is no connection is lost.
    if (this.#connected) this.#send(request, now);
    return request.promise;
  }

  /** Cancels all requests. The connection stays. */
  close(): void {
    for (const request of this.#requests) request.reject(closed());
    clearTimeout(this.#timer);
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }

  #send(request: Attempted, now: number): void {
    const { id, ask } = request;
    // The client library keeps what it is given until it sends it, and the writer writes into the same memory again.
    const usual = ask === 'time' ? this.#writer.write(id)?.slice() : undefined;
    request.attempts += 1;
    request.nextAttempt = now + this.#pace.wait(request.attempts);
    try {
      this.#connection.publish(this.#subjects[ask], usual ?? requestText({ id, replyTo: WAY, ask }), {
        reply: this.#inbox + id,
      });
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
    if (this.#requests.size === 0 || !this.#connected) return;
    const now = performance.now();
    for (const request of this.#requests) if (request.nextAttempt <= now) this.#send(request, now);
    if (this.#requests.size > 0) this.#timer ??= setTimeout(() => this.#look(), LOOK).unref();
  }

  #take({ subject, data, headers }: NatsMessage): void {
    const request = this.#requests.get(Number(subject.slice(this.#inbox.length)));
    // Answered before, by another server, or cancelled.
    if (request === undefined) return;
    const now = performance.now();
    if (headers?.code === NO_RESPONDERS && data.length === 0) {
      this.#refused(request, now);
      return;
    }
    const reply = parseReply(data);
    this.#everAnswered = true;
    if (request.attempts === 1) this.#pace.answered(now - request.since);
    if (reply === undefined || reply.kind === 'ring' || (reply.kind !== 'error' && reply.id !== request.id)) {
      const what = `what listens at ${this.#subjects[request.ask]} is no time server`;
      request.reject(new ClientError('REFUSED', what));
    } else if (reply.kind === 'error') {
      const { message, code } = reply.error;
      request.reject(new ClientError('REFUSED', `the time server refused: ${message} (${code})`));
    } else {
      request.resolveAddressed(reply, now);
    }
  }

  /** No server listens. Servers that were there may come back at any moment; if there never was one, most likely none will. */
  #refused(request: Attempted, now: number): void {
    if (!this.#everAnswered && now - request.since >= PATIENCE) {
      request.reject(this.#noResponders(request));
      return;
    }
    request.nextAttempt = now + Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** request.refusals);
    request.refusals += 1;
  }

  #noResponders({ ask }: Attempted): ClientError {
    return noResponders(this.#subjects[ask], this.#connection);
  }

  #expired(request: Attempted, timeout: number): ClientError {
    const within = `within ${durationText(timeout)}`;
    if (!this.#connected) {
      return new ClientError('DISCONNECTED', `NATS was gone, and did not come back ${within}`);
    }
    if (request.refusals > 0) return this.#noResponders(request);
    const what = `no answer at ${this.#subjects[request.ask]} ${within}, though something listens there`;
    return new ClientError('TIMED_OUT', what);
  }

  #forbid(error: Error): void {
    const { message } = explainForbidden(error) ?? error;
    this.#forbidden = new ClientError('NOT_PERMITTED', message, { cause: error });
    for (const request of this.#requests) request.reject(this.#forbidden);
  }

  async #watch(): Promise<void> {
    for await (const { type, error } of this.#connection.status()) {
      if (type === 'disconnect') {
        this.#connected = false;
      } else if (type === 'reconnect') {
        this.#connected = true;
        const now = performance.now();
        for (const request of this.#requests) this.#send(request, now);
      } else if (type === 'error' && error !== undefined && this.#concerns(error)) {
        this.#forbid(error);
      }
    }
    for (const request of this.#requests) request.reject(closed());
  }

  /** Whether it forbids to ask. */
  #concerns(error: Error): boolean {
    if (explainForbidden(error) === undefined) return false;
    const { subject } = error as { subject?: string };
    return Object.values(this.#subjects).some((each) => each === subject);
  }
}

/** There is NATS, and no time server. */
export function noResponders(subject: string, connection: NatsConnection): ClientError {
  return new ClientError(
    'NO_RESPONDERS',
    `no time server listens at ${subject} on NATS at ${connection.getServer()}; start one with: time-server --nats`,
  );
}
