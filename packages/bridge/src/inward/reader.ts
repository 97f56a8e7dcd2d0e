import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@timeq/nats';
import { apiOptions, type JetStreamPlace, type Manager } from '../stream/stream-api.js';
import type { StreamMessage } from './message.js';

/** The library's iterator over a stream. */
interface Messages extends AsyncIterable<StreamMessage> {
  close(): Promise<unknown>;
}

/** How many messages are fetched ahead. */
const AHEAD = 256;

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

  private constructor(messages: Messages) {
    this.#messages = messages;
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
      ack_policy: 'explicit',
      max_ack_pending: 4 * AHEAD,
      ...(filter !== undefined && { filter_subject: filter }),
      ...(workqueue
        ? { deliver_policy: 'all' }
        : { deliver_policy: 'by_start_sequence', opt_start_seq: position + 1 }),
    });
    if (!workqueue) for (const each of old) await manager.consumers.delete(stream, each);
    const { jetstream } = await import('@nats-io/jetstream');
    const made = await jetstream(connection as never, apiOptions(place)).consumers.get(stream, consumer);
    const messages: unknown = await made.consume({ max_messages: AHEAD });
    return new Reader(messages as Messages);
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamMessage> {
    return this.#messages[Symbol.asyncIterator]();
  }

  /** Makes the reader end. */
  close(): void {
    void this.#messages.close();
  }
}
