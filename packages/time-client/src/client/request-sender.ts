import type { Body, MessageQueue, OutgoingMessage } from '@timeq/mq-native';
import { REQUEST } from '@timeq/time-protocol';

/** What is to be sent, as long as it is wanted. */
export interface Sendable {
  /** Becomes true when it is in the queue. */
  sent: boolean;
  /** Whether it was given up. */
  readonly over: boolean;
  reject(reason: unknown): void;
}

/**
 * Puts a request into words. The bytes are valid until another one is put into words at the same place: those that are sent
 * together take places from 0 on.
 */
export type Wording<Request> = (request: Request, place: number) => Body;

/** How many are sent together at most. */
const TOGETHER = 64;

/**
 * Sends the requests of one client in the order in which they were made: what is asked for in one go goes out together,
 * and what finds no room waits for it. Only the first of those waits in the queue's own line, so that one that is given up
 * is merely passed over.
 */
export class RequestSender<Request extends Sendable> {
  readonly #queue: MessageQueue;
  readonly #wording: Wording<Request>;
  #waiting: Request[] = [];
  /** Where the first one is: taking from the front of a long array copies all of it. */
  #first = 0;
  #scheduled = false;
  /** The first one waits for room, until this is aborted. */
  #blocked: { readonly request: Request; readonly cancel: AbortController } | undefined;

  constructor(queue: MessageQueue, wording: Wording<Request>) {
    this.#queue = queue;
    this.#wording = wording;
  }

  /** Whether there was no room for the next one. */
  get waitsForRoom(): boolean {
    return this.#blocked !== undefined;
  }

  /** Sends it now. */
  send(request: Request): void {
    if (this.#waiting.length > 0 || this.#blocked !== undefined) {
      this.sendSoon(request);
      return;
    }
    try {
      request.sent = this.#queue.trySend(REQUEST, this.#wording(request, 0));
    } catch (error) {
      request.reject(error);
      return;
    }
    if (!request.sent) this.sendSoon(request);
  }

  /** Sends it together with others that are asked for right after it. */
  sendSoon(request: Request): void {
    this.#waiting.push(request);
    if (this.#scheduled || this.#blocked !== undefined) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.#blocked === undefined) this.#sendWaiting();
    });
  }

  /** The request was given up: it does not go out any more. */
  giveUp(request: Request): void {
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
    const requests = this.#firstOnes();
    try {
      const messages = requests.map((request, place): OutgoingMessage => ({
        type: REQUEST,
        body: this.#wording(request, place),
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
  #firstOnes(): Request[] {
    const requests: Request[] = [];
    for (let at = this.#first; at < this.#waiting.length && requests.length < TOGETHER; at++) {
      const request = this.#waiting[at] as Request;
      if (!request.over) requests.push(request);
    }
    return requests;
  }

  /** Forgets those at the front that need not be sent any more. */
  #dropSettled(): void {
    const waiting = this.#waiting;
    let first = this.#first;
    while (first < waiting.length && (waiting[first]?.sent === true || waiting[first]?.over === true))
      first++;
    // Half of it at the least is gone then, so that each is moved once on average.
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
      await this.#queue.send(REQUEST, this.#wording(request, 0), { signal: cancel.signal });
      request.sent = true;
    } catch (error) {
      request.reject(error);
    }
    this.#blocked = undefined;
    this.#sendWaiting();
  }
}
