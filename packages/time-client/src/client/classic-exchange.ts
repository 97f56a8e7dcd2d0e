import { MessageQueue, type Message } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';
import type { AskStyle } from './ask-style.js';
import { untilBlocked } from './blocked-receives.js';
import { ClassicPlaces } from './classic-places.js';
import { ClassicReader } from './classic-reader.js';
import type { PendingRequest } from './pending-request.js';

/** The exchange around a classic exchange. */
interface ClassicParts {
  readonly queue: MessageQueue;
  readonly ask: Exclude<AskStyle, 'addressed'>;
  readonly send: (request: PendingRequest) => void;
  /** The oldest pending request. */
  readonly oldestSent: () => PendingRequest | undefined;
  readonly fail: (error: unknown) => void;
}

/**
 * The part of an exchange for servers that answer classic requests.
 *
 * A classic server may receive messages of any type, and then takes its own reply back if no thread is blocked for it.
 * So a request is sent once threads are blocked for its answer, and the next one when it is over.
 */
export class ClassicExchange {
  readonly places: ClassicPlaces;
  readonly #parts: ClassicParts;
  /** A handle of its own, which is not polled. */
  readonly #handle: MessageQueue;
  readonly #readers = new Map<number, ClassicReader>();
  #waiting: PendingRequest[] = [];
  #isSending = false;
  #isOver: (() => void) | undefined;
  #current: PendingRequest | undefined;
  /** How many replies at type 3 are still expected, or in the queue, for cancelled requests. */
  #owed = 0;

  constructor(parts: ClassicParts) {
    this.#parts = parts;
    this.places = new ClassicPlaces(parts.ask);
    this.#handle = MessageQueue.fromId(parts.queue.id);
    this.#handle.longestPoll = 0;
  }

  /** Sends a request once its answer is sure to be received. */
  sendInTurn(request: PendingRequest): void {
    this.#waiting.push(request);
    if (!this.#isSending) void this.#sendLine();
  }

  /** Waits for answers at each type where they may come. */
  listen(): void {
    for (const type of this.places.types) {
      let reader = this.#readers.get(type);
      if (reader === undefined) {
        reader = new ClassicReader(
          this.#handle,
          type,
          (message) => this.#take(type, message),
          this.#parts.fail,
        );
        this.#readers.set(type, reader);
      }
      reader.start();
    }
  }

  /** No request is waiting any more. */
  stop(): void {
    for (const reader of this.#readers.values()) reader.stop();
  }

  ended(request: PendingRequest): void {
    const mayBeShared = this.places.types.includes(CLASSIC_REPLY);
    if (request.sent && !request.answered && mayBeShared) this.#owed += 1;
    if (request === this.#current) this.#isOver?.();
  }

  /** Otherwise a late answer would be taken for the next request's, and that one's for the next, for ever. */
  dropLate(): void {
    const { queue } = this.#parts;
    for (const type of this.places.types) {
      if (type === CLASSIC_REPLY) {
        while (this.#owed > 0 && queue.tryReceive({ type }) !== undefined) this.#owed -= 1;
      } else {
        while (queue.receiveBatch({ type }).length > 0);
      }
    }
  }

  close(): void {
    this.#handle.close();
  }

  async #sendLine(): Promise<void> {
    this.#isSending = true;
    for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
      if (request.over) continue;
      this.listen();
      await untilBlocked(this.#handle, this.places.types);
      if (request.over) continue;
      request.sentAt(performance.now());
      this.#current = request;
      const over = new Promise<void>((resolve) => {
        this.#isOver = resolve;
      });
      this.#parts.send(request);
      if (!request.over) await over;
      this.#current = undefined;
    }
    this.#isSending = false;
  }

  #take(type: number, { body }: Message): void {
    const oldest = this.#parts.oldestSent();
    if (oldest === undefined) {
      // Received at the last moment, with no request waiting here: another client waits for it. A full queue has no
      // room for it.
      if (type === CLASSIC_REPLY) this.#parts.queue.trySend(type, body);
      return;
    }
    const style = this.places.learn(type);
    for (const [other, reader] of this.#readers) if (!this.places.types.includes(other)) reader.stop();
    oldest.resolveClassic(body.toString(), style, performance.now());
  }
}
