import { GoneError, IpcError, MessageQueue, type Message } from '@timeq/mq-native';
import { parseRequest, REQUEST, STOP } from '@timeq/time-protocol';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Answerer } from '../answer/answerer.js';
import { answerTo, type TakenRequest } from '../taken-request.js';
import type { ClassicReplies } from './classic-replies.js';
import type { ReplySender } from './reply-sender.js';

/** How many requests are answered between two checks for a stop, and between two turns of the event loop. */
const BATCH = 64;

const STOPS = { type: STOP };
const REQUEST_OR_STOP = { type: -STOP };
const REQUESTS_OR_STOPS = { type: -STOP, max: BATCH };

/**
 * How long a stop may wait behind requests, in milliseconds. A separate check for it makes the kernel walk through all
 * waiting messages.
 */
const STOP_LOOK_MS = 1;

/** How often an ending server checks whether its replies were read, in milliseconds. */
const LINGER_POLL_MS = 2;

interface QueueTransportParts {
  readonly queue: MessageQueue;
  /** Requests that an earlier server left, already out of the queue. */
  readonly backlog: readonly Message[];
  readonly answerer: Answerer;
  readonly replies: ReplySender;
  readonly classic: ClassicReplies;
  /** Called for each stop message. */
  readonly stopRequested: () => void;
  /** Hears of each request and stop before it is answered. */
  readonly onRequest: ((request: TakenRequest) => void) | undefined;
  /** Creates the queue again after another program removed it. */
  readonly reopen: () => MessageQueue;
  /** How long to wait at the end for replies to be read, in milliseconds. */
  readonly lingerMs: number;
}

/**
 * Takes requests out of a message queue and passes the answers on. It receives types 1 and 2 only: a server that
 * receives any type takes its own replies.
 */
export class QueueTransport {
  readonly #parts: QueueTransportParts;
  #queue: MessageQueue;
  /** The handle that waits; closing it ends the wait, and costs nothing before. */
  #waiting: MessageQueue | undefined;
  #ending = false;
  #backlog: readonly Message[];
  #sinceTurn = 0;
  /** When to check for a stop separately again, by performance.now(). */
  #nextStopLook = 0;

  constructor(parts: QueueTransportParts) {
    this.#parts = parts;
    this.#queue = parts.queue;
    this.#backlog = parts.backlog;
  }

  /** The queue that is served now. */
  get queue(): MessageQueue {
    return this.#queue;
  }

  /** Whether `end` was called. */
  get isEnding(): boolean {
    return this.#ending;
  }

  /** Answers requests until `end` is called, and then those that are waiting. It leaves the queue to the caller. */
  async run(): Promise<void> {
    let gone = false;
    while (!this.#ending) {
      try {
        // The new one, too, can be removed again before it is served.
        if (gone) await this.#reopen();
        gone = false;
        await this.#serve();
      } catch (error) {
        if (!(error instanceof GoneError) && !(this.#ending && isClosed(error))) throw error;
        gone = true;
      }
    }
    try {
      await this.#answerWaiting();
      await this.#linger();
    } catch (error) {
      if (!(error instanceof GoneError)) throw error;
    }
  }

  /** Makes `run` end. */
  end(): void {
    this.#ending = true;
    this.#waiting?.close();
  }

  async #serve(): Promise<void> {
    // A server that is killed while it waits leaves every request to the next one.
    const waiting = MessageQueue.fromId(this.#queue.id, { handOver: false });
    this.#waiting = waiting;
    await this.#answerBacklog();
    while (!this.#ending) {
      const messages = this.#queue.receiveBatch(REQUESTS_OR_STOPS);
      this.#take(messages);
      // The kernel hands out the lowest type first, so under load a stop would starve.
      if (messages.length === BATCH) this.#lookForStop();
      if (this.#sinceTurn >= BATCH) await this.#turn();
      if (messages.length === 0) this.#take([await waiting.receive(REQUEST_OR_STOP)]);
    }
  }

  /** @param messages a batch that was just received */
  #take(messages: readonly Message[]): void {
    if (messages.length === 0) return;
    const received = this.#parts.answerer.now();
    if (this.#parts.onRequest !== undefined) this.#tell(messages, this.#parts.onRequest);
    for (const message of messages) {
      if (message.type === STOP) this.#parts.stopRequested();
      else this.#answer(message.body, received);
    }
    this.#parts.replies.send();
    // Clients that ask again have read what they waited for, which made room.
    if (this.#parts.replies.waiting > 0) this.#parts.replies.flush();
    this.#sinceTurn += messages.length;
  }

  #lookForStop(): void {
    const now = performance.now();
    if (now < this.#nextStopLook) return;
    this.#nextStopLook = now + STOP_LOOK_MS;
    const stop = this.#queue.tryReceive(STOPS);
    if (stop !== undefined) this.#take([stop]);
  }

  #answer(body: Uint8Array, received: bigint): void {
    const { answerer, classic, replies } = this.#parts;
    const answer = answerer.answer(body, received);
    if (answer.to === 'classic') classic.add(answer, body);
    else replies.add(answer.type, answer, body.byteLength);
  }

  /** Tells of messages while their senders, which may end once they are answered, still wait. */
  #tell(messages: readonly Message[], onRequest: (request: TakenRequest) => void): void {
    const lastSender = this.#queue.stat().lastSendPid;
    for (const { type, body } of messages) {
      const taken = { type, bytes: body.byteLength, lastSender };
      if (type === STOP) onRequest({ ...taken, answer: 'stop' });
      else {
        const request = parseRequest(body);
        const replyType = request.kind === 'classic' ? this.#parts.classic.typeFor(body) : request.replyTo;
        onRequest({ ...taken, ...answerTo(request), replyType });
      }
    }
  }

  async #answerBacklog(): Promise<void> {
    const backlog = this.#backlog;
    this.#backlog = [];
    for (let first = 0; first < backlog.length; first += BATCH) {
      this.#take(backlog.slice(first, first + BATCH));
      await this.#turn();
    }
  }

  /** Lets signals and timers run. */
  async #turn(): Promise<void> {
    this.#sinceTurn = 0;
    await nextTurn();
  }

  async #reopen(): Promise<void> {
    await nextTurn();
    this.#queue.close();
    this.#waiting?.close();
    this.#queue = this.#parts.reopen();
    this.#parts.replies.moveTo(this.#queue);
    this.#parts.classic.clear();
  }

  /** Requests that were in the queue when the end came: clients that go on asking can't keep the server from ending. */
  async #answerWaiting(): Promise<void> {
    for (let left = this.#queue.stat().messages; left > 0;) {
      const requests = this.#queue.receiveBatch({ type: REQUEST, max: Math.min(left, BATCH) });
      if (requests.length === 0) return;
      this.#take(requests);
      left -= requests.length;
      await this.#turn();
    }
  }

  /**
   * Waits until all replies are read, because removing the queue destroys them. Late requests are taken out unanswered,
   * so that an empty queue means that all was read; the removal tells their clients.
   */
  async #linger(): Promise<void> {
    const { replies, lingerMs } = this.#parts;
    const end = performance.now() + lingerMs;
    for (;;) {
      replies.flush();
      while (this.#queue.receiveBatch({ type: -STOP }).length > 0);
      if (replies.waiting === 0 && this.#queue.stat().messages === 0) return;
      if (performance.now() >= end) return;
      await delay(LINGER_POLL_MS);
    }
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof IpcError && error.closed;
}
