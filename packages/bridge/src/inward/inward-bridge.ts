import { formatKey, GoneError, IpcError, type Key, type MessageQueue } from '@timeq/mq-native';
import { SlotCalls } from '@timeq/mq-native/message-slots';
import { ConnectionState, type NatsConnection } from '@timeq/nats';
import { formatMessages } from '../format-messages.js';
import { BridgeError } from '../bridge-error.js';
import { Change } from '../change.js';
import type { Log } from '../log.js';
import { explainQueue, queueAt } from '../queue.js';
import type { SlotStore } from '../slots/slot-store.js';
import {
  explainStream,
  prepareStream,
  streamManager,
  type JetStreamPlace,
  type Manager,
  type StreamInfo,
} from '../stream/stream-api.js';
import { typeOf, type StreamMessage } from './message.js';
import { Reader, type ReaderOptions } from './reader.js';
import { Sender, type InDoubt } from './sender.js';

export interface InwardOptions {
  readonly queue: MessageQueue;
  readonly store: SlotStore;
  readonly connection: NatsConnection;
  /** The JetStream to use; that of the connection's server by default. */
  readonly jetstream?: JetStreamPlace | undefined;
  readonly stream: string;
  /** The subjects to read; all of the stream by default. */
  readonly filter?: string | undefined;
  readonly host: string;
  /** The type of messages that do not have their own. */
  readonly type?: bigint | undefined;
  readonly inDoubt: InDoubt;
  /** The subject for messages that can't be sent to the queue. */
  readonly dead?: string | undefined;
  readonly log: Log;
}

/** Milliseconds between retries while the queue is full: the first pause and the longest. */
const FULL_SOON = 1;
const FULL_LATER = 100;
/** Milliseconds between checks for a removed queue, and between retries of a server that refuses. */
const GONE = 500;
/** How many messages to send before the event loop turns. */
const TURN = 64;

/**
 * Reads messages from a stream and sends them into a queue. Shared memory holds the position in the stream, which moves
 * with each sent message. The server's record of the position counts only if that memory is gone.
 */
export class InwardBridge {
  readonly #options: InwardOptions;
  readonly #sender: Sender;
  readonly #key: Key;
  readonly #reading: ReaderOptions;
  readonly #limits: boolean;
  readonly #change = new Change();
  /** Whether every message of the stream is read, so that a missing sequence is a message that is gone. */
  readonly #readsAll: boolean;
  #reader: Reader | undefined;
  /** The sequence up to which the log says that messages are gone. */
  #gone = 0;
  #stopping = false;

  private constructor(options: InwardOptions, manager: Manager, { config }: StreamInfo) {
    const { queue, store, log, connection, jetstream = {}, stream, filter, host } = options;
    this.#options = options;
    this.#key = queue.key as Key;
    this.#sender = new Sender(store, queue, new SlotCalls(queue, store.attachment), log);
    this.#limits = config.retention === 'limits';
    this.#readsAll = (filter === undefined || filter === '>') && !((config.max_msgs_per_subject ?? 0) > 0);
    this.#reading = {
      connection,
      manager,
      jetstream,
      stream,
      filter,
      name: `timeq-${host.replace(/[^\w-]/g, '_')}-${formatKey(this.#key)}`,
      workqueue: config.retention === 'workqueue',
    };
  }

  /**
   * Finds the stream and the position in it, and decides whether an earlier bridge sent its last message before it was killed.
   * @throws BridgeError
   */
  static async start(options: InwardOptions): Promise<InwardBridge> {
    const { connection, jetstream, stream, store, inDoubt } = options;
    const manager = await streamManager(connection, jetstream);
    const wish = { name: stream, subject: undefined, create: false, allowWorkqueue: true };
    const info = await prepareStream(manager, wish);
    const bridge = new InwardBridge(options, manager, info);
    await bridge.#findPosition(info);
    await bridge.#sender.settle(inDoubt);
    store.header.created = info.created;
    return bridge;
  }

  stop(): void {
    this.#stopping = true;
    this.#change.tell();
    this.#reader?.close();
  }

  /**
   * Runs until `stop`.
   * @returns how many messages are left in slots: one at most
   * @throws BridgeError
   */
  async run(): Promise<number> {
    const { listeners } = ConnectionState.of(this.#options.connection);
    // What was on its way is lost; a new consumer begins with it.
    const listener = { connected: () => this.#reader?.close() };
    listeners.add(listener);
    try {
      return await this.#run();
    } finally {
      listeners.delete(listener);
    }
  }

  async #run(): Promise<number> {
    await this.#sendHeld(undefined);
    while (!this.#stopping) {
      try {
        await this.#read();
      } catch (error) {
        if (error instanceof BridgeError) throw error;
        if (error instanceof IpcError) throw explainQueue(error);
        const { message } = explainStream(error, this.#options.stream);
        this.#tell('warning', 'waiting', `${message}; trying again`, {});
        await this.#pause(GONE);
      }
    }
    if (!this.#options.connection.isClosed()) await this.#options.connection.flush().catch(() => undefined);
    return this.#sender.isHeld ? 1 : 0;
  }

  /** The position from which to read: behind the last sent message. */
  async #findPosition({ created, state }: StreamInfo): Promise<void> {
    const { store, stream } = this.#options;
    const { header } = store;
    if (header.created !== '' && header.created !== created) {
      this.#tell(
        'warning',
        'stream-replaced',
        `stream ${stream} was created again since this bridge read it; the bridge reads it from the beginning`,
        { stream },
      );
      header.position = 0;
    } else if (header.created === '') {
      header.position = await Reader.acknowledged(this.#reading);
      if (header.position > 0) {
        this.#tell(
          'warning',
          'position-lost',
          `the slots were gone (as after a reboot); the server knows that messages up to ${header.position} were sent, and later ones may be sent twice`,
          { position: header.position },
        );
      }
    }
    this.#tellGap(state.first_seq);
  }

  /** Tells of messages that were dropped from the stream before they were read. @param first the first sequence that is there */
  #tellGap(first: number): void {
    const { store, stream } = this.#options;
    const { position } = store.header;
    const known = Math.max(position, this.#gone);
    if (position === 0 || first <= known + 1) return;
    this.#gone = first - 1;
    this.#tell(
      'warning',
      'gap',
      `stream ${stream} begins at sequence ${first} now: it dropped up to ${formatMessages(first - known - 1)} behind ${known} that this bridge never sent`,
      { position, firstSequence: first },
    );
  }

  async #read(): Promise<void> {
    const { header } = this.#options.store;
    const reader = await Reader.open(this.#reading, header.position);
    this.#reader = reader;
    // A stop in the meantime has to close this reader as well.
    if (this.#stopping) reader.close();
    let turn = 0;
    for await (const message of reader) {
      if (this.#stopping || !reader.follows(message)) break;
      if (message.seq <= header.position) reader.acknowledge(message);
      else {
        if (this.#readsAll) this.#tellGap(message.seq);
        await this.#move(message);
      }
      turn += 1;
      if (turn % TURN === 0) await new Promise(setImmediate);
    }
    reader.close();
  }

  async #move(message: StreamMessage): Promise<void> {
    const { store, type: otherwise } = this.#options;
    store.removal.use();
    if (this.#stopping) return;
    const { type, poison } = { type: 0n, poison: '', ...typeOf(message, otherwise) };
    if (poison !== '') await this.#bury(message, poison);
    else if (message.data.length > store.scratch.room.length)
      await this.#bury(message, `its ${message.data.length} bytes are more than a message may have`);
    else {
      this.#sender.hold(message.seq, type, message.data);
      await this.#sendHeld(message);
    }
  }

  /** Sends the message in the slot, however long the queue is full or gone. */
  async #sendHeld(message: StreamMessage | undefined): Promise<void> {
    let patience = FULL_SOON;
    while (this.#sender.isHeld && !this.#stopping) {
      try {
        const sent = this.#sender.send();
        if (sent === 'sent') {
          if (message !== undefined) this.#reader?.acknowledge(message);
        } else if (sent === 'killed') await this.#sender.settle(this.#options.inDoubt);
        else {
          await this.#pause(patience);
          patience = Math.min(FULL_LATER, 2 * patience);
        }
      } catch (error) {
        if (error instanceof GoneError) await this.#awaitQueue();
        else if (error instanceof IpcError && (error.code === 'EAGAIN' || error.code === 'EINVAL')) {
          await this.#bury(message, error.message);
        } else if (error instanceof IpcError) throw explainQueue(error);
        else throw error;
      }
    }
  }

  /**
   * Publishes a message that can never be sent to the dead subject, leaves it in a stream that keeps it, or ends the bridge.
   * @param message undefined: that in the slot, of an earlier bridge
   */
  async #bury(message: StreamMessage | undefined, why: string): Promise<void> {
    const { dead, store, stream } = this.#options;
    const { header } = store;
    const { seq, data } = message ?? this.#sender.held;
    if (dead === undefined && !this.#limits) {
      throw new BridgeError(
        'FAILED',
        `message ${seq} of stream ${stream} can't be sent (${why}), and would be gone from the stream; say with --dead where to put it`,
      );
    }
    if (dead !== undefined) await this.#publishDead(dead, seq, data);
    const where = dead === undefined ? `it stays in stream ${stream}` : `it goes to ${dead}`;
    this.#tell('warning', 'poison', `message ${seq} can't be sent: ${why}; ${where}`, { sequence: seq });
    header.add(dead === undefined ? 'poison' : 'dead');
    header.position = seq;
    for (const slot of store.slots) slot.free();
    message?.term();
  }

  /** Retries until the stream of the dead subject has the message. */
  async #publishDead(subject: string, seq: number, data: Uint8Array): Promise<void> {
    const { jetstream } = await import('@nats-io/jetstream');
    const msgID = `dead-${this.#options.stream}-${seq}`;
    for (;;) {
      try {
        await jetstream(this.#options.connection as never).publish(subject, data, { msgID });
        return;
      } catch (error) {
        if (this.#stopping)
          throw new BridgeError('FAILED', `message ${seq} could not be put at ${subject}`, { cause: error });
        this.#tell(
          'warning',
          'waiting',
          `message ${seq} can't be put at ${subject} (${(error as Error).message}); trying again`,
          { sequence: seq },
        );
        await this.#pause(GONE);
      }
    }
  }

  async #awaitQueue(): Promise<void> {
    const name = `key ${formatKey(this.#key)}`;
    this.#tell('warning', 'queue-removed', `the queue at ${name} was removed; waiting for a new one`, {
      key: this.#key,
    });
    for (let queue; !this.#stopping; await this.#pause(GONE)) {
      queue = queueAt(this.#key);
      if (queue === undefined) continue;
      this.#sender.use(queue, new SlotCalls(queue, this.#options.store.attachment));
      this.#tell('info', 'queue-back', `messages go to queue ${queue.id}, which is at ${name} now`, {
        queue: queue.id,
      });
      return;
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    if (!this.#stopping) await this.#change.next(milliseconds);
  }

  #tell(
    level: 'info' | 'warning',
    event: string,
    message: string,
    details: Record<string, string | number>,
  ): void {
    this.#options.log({ level, event, message, details });
  }
}
