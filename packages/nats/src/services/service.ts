import { randomBytes } from 'node:crypto';
import { explainForbidden } from '../connection/explain.js';
import type { NatsConnection, NatsMessage, NatsSubscription } from '../connection/nats-connection.js';
import type { NatsError } from '../nats-error.js';
import { EndpointStats } from './endpoint-stats.js';

/** A failure that a request is answered with, for the headers that every client of a service knows. */
export interface ServiceFailure {
  /** As HTTP has them: 400 for a wrong request. */
  readonly code: number;
  readonly message: string;
}

/** An answer, and whether it tells of a failure. */
export interface ServiceAnswer {
  /** It is copied before it is sent. */
  readonly body: Uint8Array;
  readonly failure?: ServiceFailure | undefined;
}

export interface ServiceEndpoint {
  /** Letters, digits, dashes, underscores. */
  readonly name: string;
  readonly subject: string;
  /** The group of which one is asked; without one, every instance is. */
  readonly queueGroup?: string | undefined;
  /**
   * Answers a request. What it throws ends the program.
   * @param reply where the answer goes; empty if nowhere
   */
  readonly answer: (body: Uint8Array, reply: string) => ServiceAnswer;
}

export interface ServiceOptions {
  /** The kind of the service. */
  readonly name: string;
  /** By semantic versioning. */
  readonly version: string;
  readonly description: string;
  /** What PING, INFO and STATS tell of this instance beside it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** @param id of this instance, which may be a part of a subject */
  readonly endpoints: (id: string) => readonly ServiceEndpoint[];
}

type HeadersMaker = () => { set(name: string, value: string): void };

const VERBS = ['PING', 'INFO', 'STATS'] as const;

/** A service as ADR-32 of NATS has it, which `nats micro ls`, `info` and `stats` find. */
export class NatsService {
  /** Of this instance. */
  readonly id = randomBytes(11).toString('hex').toUpperCase();
  readonly #connection: NatsConnection;
  readonly #options: ServiceOptions;
  readonly #headers: HeadersMaker;
  readonly #endpoints: ReadonlyArray<{ readonly endpoint: ServiceEndpoint; readonly stats: EndpointStats }>;
  readonly #subscriptions: NatsSubscription[] = [];
  readonly #started = new Date();
  #forbidden: NatsError | undefined;
  #unseen: NatsError | undefined;

  /**
   * Serves from now on.
   * @throws {NatsError} NOT_PERMITTED when a subject of an endpoint is not permitted
   */
  static async start(connection: NatsConnection, options: ServiceOptions): Promise<NatsService> {
    const { headers } = await import('@nats-io/transport-node');
    const service = new NatsService(connection, options, headers);
    // The server reports a forbidden subscription before its answer to the PING of flush().
    await connection.flush();
    if (service.#forbidden === undefined) return service;
    await service.stop();
    throw service.#forbidden;
  }

  private constructor(connection: NatsConnection, options: ServiceOptions, headers: HeadersMaker) {
    this.#connection = connection;
    this.#options = options;
    this.#headers = headers;
    this.#endpoints = options
      .endpoints(this.id)
      .map((endpoint) => ({ endpoint, stats: new EndpointStats() }));
    for (const { endpoint, stats } of this.#endpoints) this.#serve(endpoint, stats);
    for (const verb of VERBS) this.#tell(verb);
  }

  /** Why `nats micro` does not find this service; undefined if it does. */
  get unseen(): NatsError | undefined {
    return this.#unseen;
  }

  /** Takes no more requests, and resolves when those that were on their way are answered. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.drain()));
    if (!this.#connection.isClosed()) await this.#connection.flush().catch(() => undefined);
  }

  #serve({ subject, queueGroup, answer }: ServiceEndpoint, stats: EndpointStats): void {
    const callback = (error: Error | null, message: NatsMessage): void => {
      if (error !== null) {
        this.#forbidden ??= explainForbidden(error);
        return;
      }
      const before = performance.now();
      const { body, failure } = answer(message.data, message.reply ?? '');
      this.#respond(message.reply, body.slice(), failure);
      stats.count(performance.now() - before, failure?.message);
    };
    this.#subscriptions.push(
      this.#connection.subscribe(subject, {
        callback,
        ...(queueGroup !== undefined && { queue: queueGroup }),
      }),
    );
  }

  #respond(reply: string | undefined, body: Uint8Array, failure?: ServiceFailure): void {
    // Without a reply subject, or while the connection is closing, there is no answer.
    if (!reply || this.#connection.isClosed()) return;
    if (failure === undefined) {
      this.#connection.publish(reply, body);
      return;
    }
    const headers = this.#headers();
    headers.set('Nats-Service-Error-Code', String(failure.code));
    headers.set('Nats-Service-Error', failure.message);
    this.#connection.publish(reply, body, { headers });
  }

  /** Answers at the subjects of all services, of this kind and of this instance, without a queue group: all instances answer. */
  #tell(verb: (typeof VERBS)[number]): void {
    const { name } = this.#options;
    for (const subject of [`$SRV.${verb}`, `$SRV.${verb}.${name}`, `$SRV.${verb}.${name}.${this.id}`]) {
      const callback = (error: Error | null, { reply }: NatsMessage): void => {
        if (error !== null) this.#unseen ??= explainForbidden(error);
        else this.#respond(reply, Buffer.from(JSON.stringify(this.#told(verb))));
      };
      this.#subscriptions.push(this.#connection.subscribe(subject, { callback }));
    }
  }

  #told(verb: (typeof VERBS)[number]): object {
    const { name, version, description, metadata } = this.#options;
    const type = `io.nats.micro.v1.${verb.toLowerCase()}_response`;
    const head = { type, name, id: this.id, version, metadata };
    switch (verb) {
      case 'PING':
        return head;
      case 'INFO': {
        const endpoints = this.#endpoints.map(({ endpoint }) => ({ ...faceOf(endpoint), metadata: {} }));
        return { ...head, description, endpoints };
      }
      case 'STATS': {
        const endpoints = this.#endpoints.map(({ endpoint, stats }) => ({
          ...faceOf(endpoint),
          ...stats.figures(),
        }));
        return { ...head, started: this.#started.toISOString(), endpoints };
      }
    }
  }
}

function faceOf({ name, subject, queueGroup = '' }: ServiceEndpoint): object {
  return { name, subject, queue_group: queueGroup };
}
