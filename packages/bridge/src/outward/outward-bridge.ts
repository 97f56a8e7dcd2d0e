import {
  AbortError,
  formatKey,
  GoneError,
  IpcError,
  type MessageQueue,
  type Key,
  type MessageType,
} from '@timeq/mq-native';
import { type Slot, SLOT_STATE, SlotCalls, whyUnknown } from '@timeq/mq-native/message-slots';
import { ConnectionState, type ConnectionListener, type NatsConnection } from '@timeq/nats';
import { formatMessages } from '../format-messages.js';
import { BridgeError } from '../bridge-error.js';
import { Change } from '../change.js';
import type { Log, LogEvent } from '../log.js';
import { OutwardHeaders } from '../mapping/headers.js';
import type { SubjectTemplate } from '../mapping/subject.js';
import { explainQueue, queueAt } from '../queue.js';
import type { SlotStore } from '../slots/slot-store.js';
import {
  API_ERROR,
  explainStream,
  prepareStream,
  streamManager,
  type JetStreamPlace,
  type Manager,
  type StreamWish,
} from '../stream/stream-api.js';
import { lookUp, messageId } from './look-up.js';
import { Publisher, type Answer } from './publisher.js';
import { settlePutBack } from './put-back.js';
import { settleTaking, Taker } from './taker.js';

export interface OutwardOptions {
  readonly queue: MessageQueue;
  readonly store: SlotStore;
  readonly connection: NatsConnection;
  /** The JetStream to use; that of the connection's server by default. */
  readonly jetstream?: JetStreamPlace | undefined;
  /** The prefix of the connection's inboxes; `_INBOX` by default. */
  readonly inboxPrefix?: string | undefined;
  readonly stream: Omit<StreamWish, 'subject'>;
  readonly template: SubjectTemplate;
  readonly host: string;
  /** Takes only messages of this type. */
  readonly type?: MessageType | undefined;
  /** The subject for messages that the stream can never store. */
  readonly dead?: string | undefined;
  readonly log: Log;
}

/** Milliseconds without an answer after which to look into the stream. */
const OVERDUE = 5000;
/** Milliseconds between retries: the first pause and the longest. */
const SOON = 50;
const LATER = 2000;
/** Milliseconds between checks for a removed queue. */
const QUEUE_GONE = 500;
/** How long a stop waits for answers, in milliseconds. */
const DRAIN = 5000;
/** How many messages to take and publish at a time: half of the usual slots, so that the server is busy with the other half. */
const TOGETHER = 32;

/** A published message without an answer so far. */
interface Flight {
  readonly slot: Slot;
  readonly since: number;
  readonly toDead: boolean;
}

type Refusal = Answer & { readonly kind: 'refused' };

/**
 * Takes messages out of a queue and publishes them into a stream. Each has a slot from before its receive until the stream
 * acknowledges it. After a crash, the bridge looks up the messages in slots there, and publishes missing ones again.
 */
export class OutwardBridge {
  readonly #options: OutwardOptions;
  readonly #store: SlotStore;
  readonly #key: Key;
  readonly #link: ConnectionState;
  readonly #listener: ConnectionListener = {
    disconnected: () => this.#look('the connection to NATS was lost'),
    connected: () => this.#change.tell(),
    closed: () => this.#look('the connection to NATS was lost'),
  };
  readonly #manager: Manager;
  readonly #taker: Taker;
  readonly #publisher: Publisher;
  readonly #headers: OutwardHeaders;
  readonly #instance: string;
  readonly #change = new Change();
  readonly #flights = new Map<string, Flight>();
  readonly #free: Slot[];
  #waiting = new AbortController();
  /** Why to look up the messages in slots before taking another one; undefined if there is no reason. */
  #trouble: string | undefined = 'start';
  #patience = SOON;
  /** Whether the log already says that messages are waiting. */
  #told = false;
  #failure: BridgeError | undefined;
  #stopping = false;

  private constructor(options: OutwardOptions, manager: Manager) {
    const { store, queue, connection, inboxPrefix = '_INBOX', stream, host, type } = options;
    this.#options = options;
    this.#store = store;
    this.#key = queue.key as Key;
    this.#instance = store.header.instance;
    this.#manager = manager;
    this.#link = ConnectionState.of(connection);
    this.#link.listeners.add(this.#listener);
    this.#taker = new Taker(store, new SlotCalls(queue, store.attachment), type);
    this.#headers = new OutwardHeaders({ stream: stream.name, host, key: this.#key });
    this.#publisher = new Publisher(connection, inboxPrefix, (token, answer) => {
      this.#answered(token, answer);
    });
    settleTaking(store);
    this.#free = store.slots.filter((slot) => slot.isFree);
  }

  /**
   * Finds the stream, and creates a bridge. The caller keeps the ownership of the store.
   * @throws BridgeError
   */
  static async start(options: OutwardOptions): Promise<OutwardBridge> {
    const { connection, jetstream, stream, store, log, template, type } = options;
    const manager = await streamManager(connection, jetstream);
    const subject = template.filter(type === undefined ? undefined : BigInt(type));
    const { created } = await prepareStream(manager, { ...stream, subject });
    const { header } = store;
    if (header.created !== '' && header.created !== created) {
      log({
        level: 'warning',
        event: 'stream-replaced',
        message: `stream ${stream.name} was created again since this bridge published to it`,
        details: { stream: stream.name, created },
      });
      header.acked = 0;
      for (const slot of store.held) slot.after = 0;
    }
    header.created = created;
    for (const slot of await settlePutBack(store, options.queue)) {
      const { type: typed, want, generation } = slot;
      log({
        level: 'warning',
        event: 'in-doubt',
        message:
          `whether a message of type ${typed} with ${want} bytes was put back into the queue can't be known, because ` +
          `${whyUnknown(slot, options.queue)}: it is published, and may come a second time`,
        details: { type: String(typed), bytes: want, generation },
      });
      slot.state = SLOT_STATE.taken;
    }
    return new OutwardBridge(options, manager);
  }

  /** How many messages are in slots. */
  get held(): number {
    return this.#store.held.length;
  }

  /** Takes no more messages, and ends when the stream has acknowledged those in slots, or after five seconds. */
  stop(): void {
    this.#stopping = true;
    this.#waiting.abort();
    this.#change.tell();
  }

  /**
   * Runs until `stop`.
   * @returns how many messages are left in slots
   * @throws BridgeError
   */
  async run(): Promise<number> {
    try {
      while (!this.#stopping) {
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#trouble !== undefined) await this.#mend(this.#trouble);
        else await this.#move();
      }
      await this.#drain();
      return this.held;
    } finally {
      this.#link.listeners.delete(this.#listener);
      this.#publisher.close();
    }
  }

  /** Moves messages, or waits for one or for a slot. */
  async #move(): Promise<void> {
    this.#store.removal.use();
    if (this.#stopping) return;
    try {
      if (this.#free.length === 0) await this.#answers();
      else if (this.#moveNow() > 0) await new Promise(setImmediate);
      else await this.#wait();
    } catch (error) {
      if (error instanceof GoneError) await this.#awaitQueue();
      else throw error instanceof IpcError ? explainQueue(error) : error;
    }
  }

  /**
   * Takes messages, and then publishes them: the kernel wakes a sender that waits for room once for all of them, and the client
   * library writes to the server once.
   * @returns how many
   */
  #moveNow(): number {
    const taken: Slot[] = [];
    try {
      while (taken.length < TOGETHER) {
        const slot = this.#free.at(-1);
        if (slot === undefined || !this.#taker.take(slot)) break;
        this.#free.pop();
        taken.push(slot);
      }
    } finally {
      for (const slot of taken) this.#publish(slot);
    }
    return taken.length;
  }

  /** Waits for a message. An empty one is taken at the same time, and published. */
  async #wait(): Promise<void> {
    const slot = this.#free.pop() as Slot;
    let isTaken = false;
    this.#waiting = new AbortController();
    const left = this.#untilOverdue();
    const timer = left === undefined ? undefined : setTimeout(() => this.#checkOverdue(), left);
    try {
      isTaken = await this.#taker.wait(slot, this.#waiting.signal);
    } catch (error) {
      if (!(error instanceof AbortError)) throw error;
    } finally {
      clearTimeout(timer);
      if (!isTaken) this.#free.push(slot);
    }
    if (isTaken) this.#publish(slot);
  }

  #publish(slot: Slot): void {
    const { generation, type, body, time } = slot;
    const id = messageId(this.#instance, generation);
    this.#send(slot, this.#options.template.of(type), body, this.#headers.of(id, type, time));
  }

  #send(
    slot: Slot,
    subject: string,
    body: Buffer,
    headers: ReturnType<OutwardHeaders['of']>,
    toDead = false,
  ): void {
    const token = String(slot.generation);
    this.#flights.set(token, { slot, since: performance.now(), toDead });
    try {
      this.#publisher.publish(subject, body, token, headers);
    } catch (error) {
      this.#flights.delete(token);
      if (!this.#link.isConnected) this.#look('the connection to NATS was lost');
      // The library knows the server's size limit.
      else
        this.#refused(
          slot,
          { kind: 'refused', code: API_ERROR.tooLarge, why: (error as Error).message },
          toDead,
        );
    }
  }

  #answered(token: string, answer: Answer): void {
    const flight = this.#flights.get(token);
    // A message that was published twice gets a second answer.
    if (flight === undefined) return;
    const { slot, toDead } = flight;
    this.#flights.delete(token);
    if (answer.kind === 'refused') this.#refused(slot, answer, toDead);
    else this.#arrived(slot, toDead ? 'dead' : 'moved', toDead ? 0 : answer.sequence);
    this.#change.tell();
  }

  #arrived(slot: Slot, how: 'moved' | 'dead', sequence: number): void {
    const { header } = this.#store;
    if (sequence > header.acked) header.acked = sequence;
    header.add(how);
    slot.free();
    this.#free.push(slot);
    this.#patience = SOON;
  }

  #refused(slot: Slot, { code, why }: Refusal, toDead: boolean): void {
    if (code === API_ERROR.tooLarge) this.#bury(slot, why, toDead);
    else this.#look(`the server refuses a message (${why})`);
  }

  /** Publishes a message that the stream can never store to the dead subject, or keeps it and ends the bridge. */
  #bury(slot: Slot, why: string, buried: boolean): void {
    const { dead } = this.#options;
    const { generation, type, body, time, want } = slot;
    const message = `a message of type ${type} with ${want} bytes`;
    if (dead === undefined || buried) {
      this.#failure ??= new BridgeError(
        'FAILED',
        `${message} can't be stored${buried ? ' at the dead subject either' : ''} (${why}) and stays in slot ${slot.index}: ` +
          'raise the limit, give another --dead subject, or take it out with ' +
          `\`timeq-bridge slots ${formatKey(this.#key)} --to-queue\``,
      );
      this.#waiting.abort();
      return;
    }
    const id = messageId(this.#instance, generation);
    const details = { type: String(type), bytes: want, subject: dead };
    this.#tell('warning', 'dead', `${message} goes to ${dead}: ${why}`, details);
    this.#send(slot, dead, body, this.#headers.toOther(id, type, time), true);
  }

  /** Requires a look-up of the messages in slots before taking another one. */
  #look(why: string): void {
    this.#trouble ??= why;
    this.#waiting.abort();
    this.#change.tell();
  }

  /** Waits until a message is answered or overdue. */
  async #answers(): Promise<void> {
    await this.#change.next(this.#untilOverdue());
    this.#checkOverdue();
  }

  /** Milliseconds until the oldest message is overdue; undefined if none is unanswered. */
  #untilOverdue(): number | undefined {
    for (const { since } of this.#flights.values()) return Math.max(1, since + OVERDUE - performance.now());
    return undefined;
  }

  #checkOverdue(): void {
    const left = this.#untilOverdue();
    if (left !== undefined && left <= 1) this.#look('the stream did not acknowledge in time');
  }

  /** Looks up the messages in slots in the stream, and publishes the missing ones again, in order. */
  async #mend(why: string): Promise<void> {
    const { stream } = this.#options;
    const begins = why === 'start';
    if (!begins) this.#tellWaiting(why);
    if (this.#options.connection.isClosed())
      throw new BridgeError('FAILED', 'the connection to NATS was closed for good; start the bridge again');
    if (!this.#link.isConnected) {
      await this.#change.next();
      return;
    }
    if (!begins) await this.#pause();
    if (this.#stopping || !this.#link.isConnected) return;
    try {
      const found = await this.#recover();
      this.#trouble = undefined;
      const { held } = this.#store;
      if (found + held.length > 0) this.#tellFound(found, held.length);
      this.#store.header.add('again', held.length);
      for (const slot of held) this.#publish(slot);
      // Later messages must not overtake it.
      while (this.#flights.size > 0 && !this.#isDisturbed) await this.#answers();
      if (!this.#isDisturbed && this.#told) {
        this.#told = false;
        this.#tell('info', 'going-on', `messages go to stream ${stream.name} again`, { stream: stream.name });
      }
    } catch (error) {
      this.#trouble = explainStream(error, stream.name).message;
    }
  }

  get #isDisturbed(): boolean {
    return this.#trouble !== undefined || this.#failure !== undefined || this.#stopping;
  }

  #tellWaiting(why: string): void {
    if (this.#told) return;
    this.#told = true;
    const { held } = this;
    const sentence = `${why}; ${formatMessages(held)} in slots and all others in the queue have to wait`;
    this.#tell('warning', 'waiting', sentence, { held });
  }

  #tellFound(found: number, again: number): void {
    this.#tell(
      'info',
      'looked-up',
      `of ${formatMessages(found + again)} in slots, stream ${this.#options.stream.name} has ${found} already; published again: ${again}`,
      { found, again },
    );
  }

  /** Frees the slots of messages that are in the stream. @returns how many */
  async #recover(): Promise<number> {
    const { template, stream } = this.#options;
    const { header, held } = this.#store;
    this.#flights.clear();
    if (held.length === 0) return 0;
    const info = await this.#manager.streams.info(stream.name);
    const where = { stream: stream.name, subject: template.filter(), instance: this.#instance, held };
    const { found, uncertain } = await lookUp(this.#manager, where, info);
    const open = held.length - found.size;
    if (uncertain) {
      const first = info.state.first_seq;
      const message =
        `stream ${stream.name} begins at sequence ${first} now: whether it has had ${open} of the messages in slots ` +
        `can't be known, and they are published again`;
      this.#tell('warning', 'uncertain', message, { firstSequence: first, messages: open });
    }
    header.add('found', found.size);
    for (const [slot, sequence] of found) this.#arrived(slot, 'moved', sequence);
    return found.size;
  }

  async #pause(): Promise<void> {
    const until = performance.now() + this.#patience;
    this.#patience = Math.min(LATER, 2 * this.#patience);
    while (!this.#stopping && performance.now() < until) await this.#change.next(until - performance.now());
  }

  /** Handles the removal of the queue: messages in slots are still published, and a new queue at the key is used. */
  async #awaitQueue(): Promise<void> {
    const key = this.#key;
    const name = `key ${formatKey(key)}`;
    this.#tell('warning', 'queue-removed', `the queue at ${name} was removed; waiting for a new one`, {
      key,
      held: this.held,
    });
    while (!this.#stopping && this.#failure === undefined) {
      const queue = queueAt(key);
      if (queue !== undefined) {
        this.#taker.use(new SlotCalls(queue, this.#store.attachment));
        this.#tell('info', 'queue-back', `messages go from queue ${queue.id}, which is at ${name} now`, {
          queue: queue.id,
          key,
        });
        return;
      }
      if (this.#trouble !== undefined) await this.#mend(this.#trouble);
      await this.#change.next(QUEUE_GONE);
      this.#checkOverdue();
    }
  }

  async #drain(): Promise<void> {
    const until = performance.now() + DRAIN;
    while (
      !this.#store.isRemoved &&
      this.#flights.size > 0 &&
      this.#trouble === undefined &&
      performance.now() < until
    ) {
      await this.#change.next(until - performance.now());
    }
  }

  #tell(level: LogEvent['level'], event: string, message: string, details: LogEvent['details']): void {
    this.#options.log({ level, event, message, details });
  }
}
