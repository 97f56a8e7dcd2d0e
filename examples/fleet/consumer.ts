import { jetstream, jetstreamManager, type ConsumerMessages } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
import { STREAM } from './messages.js';

/** Between two attempts to read while JetStream starts, in milliseconds. */
const TRY_AGAIN = 50;

export async function createStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await manager.streams.add({ name: STREAM, subjects: ['fleet.>'] });
}

/** Reads the stream from its first message on. It keeps its position itself, so that it sees each message once. */
export class Consumer {
  readonly #connection: NatsConnection;
  readonly #arrived: (host: string, number: number) => void;
  #position = 0;
  #reading: ConsumerMessages | undefined;
  #changed: () => void = () => undefined;

  constructor(connection: NatsConnection, arrived: (host: string, number: number) => void) {
    this.#connection = connection;
    this.#arrived = arrived;
    void this.#followConnection();
  }

  /** Until the connection is closed. */
  async run(): Promise<void> {
    while (!this.#connection.isClosed()) {
      try {
        await this.#read();
      } catch {
        // NATS is down, or has not loaded its streams yet.
        await delay(TRY_AGAIN);
      }
    }
  }

  /** Until it has read all that the stream has. @returns how many messages these are */
  async untilRead(): Promise<number> {
    const manager = await jetstreamManager(this.#connection, { checkAPI: false });
    const { state } = await manager.streams.info(STREAM);
    while (this.#position < state.last_seq) await new Promise<void>((resolve) => (this.#changed = resolve));
    return state.messages;
  }

  async #read(): Promise<void> {
    const where = { opt_start_seq: this.#position + 1 };
    const consumer = await jetstream(this.#connection).consumers.get(STREAM, where);
    this.#reading = await consumer.consume();
    for await (const message of this.#reading) {
      if (message.seq <= this.#position) continue;
      this.#position = message.seq;
      // fleet.HOST.TYPE
      const [, host = ''] = message.subject.split('.');
      this.#arrived(host, Number(/\d+$/.exec(message.string())?.[0]));
      this.#changed();
    }
  }

  /** A server that was started again does not know the consumer any more: it is made anew, from the position on. */
  async #followConnection(): Promise<void> {
    for await (const { type } of this.#connection.status()) if (type === 'reconnect') this.#reading?.stop();
  }
}
