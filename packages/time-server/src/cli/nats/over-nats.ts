import { connect, type NatsConnection } from '@timeq/nats';
import { NatsTimeServer, type NatsTimeServerOptions } from '../../nats/nats-time-server.js';
import type { NatsPlace } from './read-nats.js';

/** The part of the command that serves over NATS. */
export class OverNats {
  readonly #connection: NatsConnection;
  readonly #subject: string;
  #server: NatsTimeServer | undefined;

  /** @throws {NatsError} */
  static async connect({ subject, connection }: NatsPlace): Promise<OverNats> {
    return new OverNats(await connect(connection, { name: 'time-server' }), subject);
  }

  private constructor(connection: NatsConnection, subject: string) {
    this.#connection = connection;
    this.#subject = subject;
  }

  /** @throws {NatsError} NOT_PERMITTED */
  async serve(
    options: Pick<NatsTimeServerOptions, 'answerer' | 'clocks' | 'log' | 'onRequest'>,
  ): Promise<void> {
    this.#server = await NatsTimeServer.start(this.#connection, { subject: this.#subject, ...options });
  }

  /** Answers what is on its way, and closes the connection. */
  async end(): Promise<void> {
    await this.#server?.stop();
    await this.#connection.close();
  }
}
