import type { NatsConnection } from '@timeq/nats';

/** Whether the connection stands. Nothing is published while it does not: the library would keep it for a while, and drop it. */
export class Link {
  readonly #connection: NatsConnection;
  readonly #changed: () => void;
  #connected = true;

  /** @param changed is called when the connection is lost, is back, or is closed for good */
  constructor(connection: NatsConnection, changed: () => void) {
    this.#connection = connection;
    this.#changed = changed;
    void this.#follow();
  }

  get connected(): boolean {
    return this.#connected && !this.closed;
  }

  /** For good. */
  get closed(): boolean {
    return this.#connection.isClosed();
  }

  async #follow(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect' || type === 'close') this.#connected = false;
      else if (type === 'reconnect') this.#connected = true;
      else continue;
      this.#changed();
    }
    this.#connected = false;
    this.#changed();
  }
}
