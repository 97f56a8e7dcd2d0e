import { randomBytes } from 'node:crypto';
import {
  ConnectionState,
  explainForbidden,
  type ConnectionListener,
  type NatsConnection,
  type NatsMessage,
  type NatsSubscription,
} from '@timeq/nats';

/** Takes the answers to requests that are sent once, one by one. */
export class SingleInbox implements Disposable {
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #subscription: NatsSubscription;
  /** What may not be published is told to the connection only. */
  readonly #listener: ConnectionListener = {
    failed: (error) => {
      if ((error as { subject?: string }).subject !== this.#asked) return;
      const forbidden = explainForbidden(error);
      if (forbidden !== undefined) this.#fail?.(forbidden);
    },
  };
  #count = 0;
  #asked: string | undefined;
  #take: ((message: NatsMessage) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  constructor(connection: NatsConnection, inboxPrefix: string) {
    this.#connection = connection;
    this.#inbox = `${inboxPrefix}.${randomBytes(12).toString('hex')}.`;
    this.#subscription = connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error !== null) this.#fail?.(explainForbidden(error) ?? error);
        else if (message.subject === this.#inbox + this.#count) this.#take?.(message);
      },
    });
    ConnectionState.of(connection).listeners.add(this.#listener);
  }

  /**
   * Sends a request, and hands over what comes for it until that is enough.
   * @param quiet milliseconds without an answer after which it is over
   * @param enough is handed each answer
   * @throws {NatsError} NOT_PERMITTED when it can not be asked, or answers can not come
   */
  ask(
    subject: string,
    body: string,
    quiet: number,
    enough: (message: NatsMessage) => boolean,
  ): Promise<void> {
    this.#count += 1;
    this.#asked = subject;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, quiet);
      this.#take = (message) => {
        timer.refresh();
        if (!enough(message)) return;
        clearTimeout(timer);
        resolve();
      };
      this.#fail = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.#connection.publish(subject, body, { reply: this.#inbox + this.#count });
    });
  }

  [Symbol.dispose](): void {
    ConnectionState.of(this.#connection).listeners.delete(this.#listener);
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }
}
