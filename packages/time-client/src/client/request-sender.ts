import type { MessageQueue, OutgoingMessage } from '@timeq/mq-native';
import { REQUEST } from '@timeq/time-protocol';

/** What is to be sent, as long as it is wanted. */
export interface Sendable {
  /** Becomes true when it is in the queue. */
  sent: boolean;
  /** Whether it was given up. */
  readonly over: boolean;
  reject(reason: unknown): void;
}

interface Waiting {
  readonly message: OutgoingMessage;
  readonly request: Sendable;
}

/**
 * Sends the requests of one client in the order in which they were made: what is asked for in one go goes out together,
 * and what finds no room waits for it. Only the first of those waits in the queue's own line, so that one that is given up
 * is merely passed over.
 */
export class RequestSender {
  readonly #queue: MessageQueue;
  #waiting: Waiting[] = [];
  #scheduled = false;
  /** The first one waits for room, until this is aborted. */
  #blocked: { readonly request: Sendable; readonly cancel: AbortController } | undefined;

  constructor(queue: MessageQueue) {
    this.#queue = queue;
  }

  /** Sends it now. */
  send(request: Sendable, body: string): void {
    if (this.#waiting.length > 0 || this.#blocked !== undefined) {
      this.sendSoon(request, body);
      return;
    }
    try {
      request.sent = this.#queue.trySend(REQUEST, body);
    } catch (error) {
      request.reject(error);
      return;
    }
    if (!request.sent) this.sendSoon(request, body);
  }

  /** Sends it together with others that are asked for right after it. */
  sendSoon(request: Sendable, body: string): void {
    this.#waiting.push({ message: { type: REQUEST, body }, request });
    if (this.#scheduled || this.#blocked !== undefined) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (this.#blocked === undefined) this.#sendWaiting();
    });
  }

  /** The request was given up: it does not go out any more. */
  giveUp(request: Sendable): void {
    if (this.#blocked?.request === request) this.#blocked.cancel.abort();
  }

  #sendWaiting(): void {
    let waiting = this.#waiting.filter(({ request }) => !request.over);
    while (waiting.length > 0) {
      const sent = this.#trySend(waiting);
      if (sent === 0) break;
      waiting = waiting.slice(sent);
    }
    this.#waiting = waiting;
    if (waiting.length > 0) void this.#sendFirstWhenRoom();
  }

  /** @returns how many were sent, or failed */
  #trySend(waiting: readonly Waiting[]): number {
    try {
      const sent = this.#queue.trySendBatch(waiting.map(({ message }) => message));
      for (let index = 0; index < sent; index++) (waiting[index] as Waiting).request.sent = true;
      return sent;
    } catch (error) {
      waiting[0]?.request.reject(error);
      return 1;
    }
  }

  async #sendFirstWhenRoom(): Promise<void> {
    const [first, ...others] = this.#waiting;
    if (first === undefined) return;
    this.#waiting = others;
    const { request, message } = first;
    const cancel = new AbortController();
    this.#blocked = { request, cancel };
    try {
      await this.#queue.send(REQUEST, message.body, { signal: cancel.signal });
      request.sent = true;
    } catch (error) {
      request.reject(error);
    }
    this.#blocked = undefined;
    this.#sendWaiting();
  }
}
