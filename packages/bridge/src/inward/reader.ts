import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@timeq/nats';
import { apiOptions, type JetStreamPlace, type Manager } from '../stream/stream-api.js';
import type { StreamMessage } from './message.js';

/** The library's iterator over a stream. */
interface Messages extends AsyncIterable<StreamMessage> {
  getPending(): number;
  close(): Promise<unknown>;
}

/** How many messages are fetched ahead. */
const AHEAD = 256;
/** Milliseconds between signs of life of the consumer: without two of them, as when its server dies, it is asked again. */
const HEARTBEAT = 2000;
/** How long a request for messages holds, in milliseconds. The library also waits so long if the consumer can't be asked. */
const EXPIRES = 5000;
/** How many messages an acknowledgement stands for at most. */
const TOGETHER = 64;

export interface ReaderOptions {
  readonly connection: NatsConnection;
  readonly manager: Manager;
  readonly jetstream: JetStreamPlace;
  readonly stream: string;
  /** The consumer's name, without its suffix. */
  readonly name: string;
  readonly filter: string | undefined;
  /** Whether the stream drops acknowledged messages. Such a work queue allows one consumer for each subject, from its beginning. */
  readonly workqueue: boolean;
}

/**
 * A consumer of the stream that begins behind a position. Each start creates a new one: an existing consumer would first
 * deliver new messages, and unacknowledged ones half a minute later.
 */
export class Reader {
  readonly #messages: Messages;
  /** Whether an acknowledgement stands for all messages before. */
  readonly #together: boolean;
  #unacknowledged = 0;
  #latest: StreamMessage | undefined;
  #delivered = 0;

  private constructor(messages: Messages, together: boolean) {
    this.#messages = messages;
    this.#together = together;
  }

  /** The highest sequence up to which earlier consumers of this bridge were acknowledged; 0 if there are none. */
  static async acknowledged({ manager, stream, name }: ReaderOptions): Promise<number> {
    let highest = 0;
    for await (const consumer of manager.consumers.list(stream)) {
      if (consumer.name.startsWith(`${name}-`)) highest = Math.max(highest, consumer.ack_floor.stream_seq);
    }
    return highest;
  }

  /** Begins behind a position. It creates the new consumer before it deletes the old ones, which hold the position as well. */
  static async open(options: ReaderOptions, position: number): Promise<Reader> {
    const { connection, manager, jetstream: place, stream, name, filter, workqueue } = options;
    const old: string[] = [];
    for await (const consumer of manager.consumers.list(stream)) {
      if (consumer.name.startsWith(`${name}-`)) old.push(consumer.name);
    }
    // A work queue allows no second consumer of the same subject.
    if (workqueue) for (const each of old) await manager.consumers.delete(stream, each);
    const consumer = `${name}-${randomBytes(4).toString('hex')}`;
    await manager.consumers.add(stream, {
      durable_name: consumer,
      // A work queue allows no other policy.
      ack_policy: workqueue ? 'explicit' : 'all',
      max_ack_pending: 4 * AHEAD,
      ...(filter !== undefined && { filter_subject: filter }),
      ...(workqueue
        ? { deliver_policy: 'all' }
        : { deliver_policy: 'by_start_sequence', opt_start_seq: position + 1 }),
    });
    if (!workqueue) for (const each of old) await manager.consumers.delete(stream, each);
    const { jetstream } = await import('@nats-io/jetstream');
    const made = await jetstream(connection as never, apiOptions(place)).consumers.get(stream, consumer);
    const messages: unknown = await made.consume({
      max_messages: AHEAD,
      idle_heartbeat: HEARTBEAT,
      expires: EXPIRES,
    });
    return new Reader(messages as Messages, !workqueue);
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamMessage> {
    return this.#messages[Symbol.asyncIterator]();
  }

  /**
   * Whether it is the next delivery after the last one asked about. What got lost on its way, as when a connection breaks or a
   * server of a cluster dies, would be delivered again much later, behind other messages.
   */
  follows({ info }: StreamMessage): boolean {
    this.#delivered += 1;
    return info.deliverySequence === this.#delivered;
  }

  /** Acknowledges a message, or soon one behind it: the server's record of the position is only for lost slots. */
  acknowledge(message: StreamMessage): void {
    this.#latest = message;
    this.#unacknowledged += 1;
    if (!this.#together || this.#unacknowledged === TOGETHER || this.#messages.getPending() === 0)
      this.#acknowledge();
  }

  #acknowledge(): void {
    this.#latest?.ack();
    this.#latest = undefined;
    this.#unacknowledged = 0;
  }

  /** Makes the reader end. */
  close(): void {
    this.#acknowledge();
    void this.#messages.close();
  }
}
