import type { Body, MessageQueue, OutgoingMessage } from '@timeq/mq-native';
import { REQUEST } from '@timeq/time-protocol';

/** A request that is sent unless it is cancelled before. */
interface Sendable {
  /** Set once it is in the queue. */
  sent: boolean;
  readonly over: boolean;
  reject(reason: unknown): void;
}

/**
 * Encodes a request. The bytes are valid until another request is encoded at the same place: requests that are sent
 * together use places from 0 on.
 */
type Encoder<Request> = (request: Request, place: number) => Body;

/** How many are sent together at most. */
const BATCH_MAX = 64;

/**
 * Sends the requests of one client in their order. Requests made in one turn go out together, and those that find no
 * room wait for it. Only the first of them waits in the queue's own wait queue, so a cancelled one is simply skipped.
 */
export class RequestSender<Request extends Sendable> {
  readonly #queue: MessageQueue;
  readonly #encode: Encoder<Request>;
  #waiting: Request[] = [];
  /** The index of the first one: removing from the front of a long array copies all of it. */
  #first = 0;
  #scheduled = false;
  /** Aborts the wait for room of the first one. */
  #blocked: { readonly request: Request; readonly cancel: AbortController } | undefined;

  constructor(queue: MessageQueue, encode: Encoder<Request>) {
    this.#queue = queue;
    this.#encode = encode;
  }

  /** Whether there was no room for the next one. */
  get waitsForRoom(): boolean {
    return this.#blocked !== undefined;
  }

  send(request: Request): void {
    if (this.#waiting.length > 0 || this.#blocked !== undefined) {
      this.sendSoon(request);
      return;
    }
    try {
      request.sent = this.#queue.trySend(REQUEST, this.#encode(request, 0));
    } catch (error) {
      request.reject(error);
      return;
    }
    if (!request.sent) this.sendSoon(request);
  }

  /** Sends it together with requests that are made right after it. */
  sendSoon(request: Request): void {
    this.#waiting.push(request);
    if (this.#scheduled || this.#blocked !== undefined) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.#blocked === undefined) this.#sendWaiting();
    });
  }

  /** The request was cancelled: it is not sent any more. */
  cancel(request: Request): void {
    if (this.#blocked?.request === request) this.#blocked.cancel.abort();
  }

  #sendWaiting(): void {
    for (;;) {
      this.#dropSettled();
      if (this.#waiting.length === 0) return;
      if (!this.#sendSome()) break;
    }
    void this.#sendFirstWhenRoom();
  }

  /** @returns whether one was sent, or failed */
  #sendSome(): boolean {
    const requests = this.#nextBatch();
    try {
      const messages = requests.map((request, place): OutgoingMessage => ({
        type: REQUEST,
        body: this.#encode(request, place),
      }));
      const sent = this.#queue.trySendBatch(messages);
      for (let index = 0; index < sent; index++) (requests[index] as Request).sent = true;
      return sent > 0;
    } catch (error) {
      requests[0]?.reject(error);
      return true;
    }
  }

  /** Those that are sent next. */
  #nextBatch(): Request[] {
    const requests: Request[] = [];
    for (let at = this.#first; at < this.#waiting.length && requests.length < BATCH_MAX; at++) {
      const request = this.#waiting[at] as Request;
      if (!request.over) requests.push(request);
    }
    return requests;
  }

  /** Drops requests at the front that need not be sent any more. */
  #dropSettled(): void {
    const waiting = this.#waiting;
    let first = this.#first;
    while (first < waiting.length && (waiting[first]?.sent === true || waiting[first]?.over === true))
      first++;
    // At least half of it is dropped then, so each is moved once on average.
    const shorten = first * 2 >= waiting.length;
    this.#waiting = shorten ? waiting.slice(first) : waiting;
    this.#first = shorten ? 0 : first;
  }

  async #sendFirstWhenRoom(): Promise<void> {
    const request = this.#waiting[this.#first] as Request;
    this.#first += 1;
    const cancel = new AbortController();
    this.#blocked = { request, cancel };
    try {
      await this.#queue.send(REQUEST, this.#encode(request, 0), { signal: cancel.signal });
      request.sent = true;
    } catch (error) {
      request.reject(error);
    }
    this.#blocked = undefined;
    this.#sendWaiting();
  }
}
