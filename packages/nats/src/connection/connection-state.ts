import type { NatsConnection } from './nats-connection.js';

/** What a listener wants to hear of a connection. */
export interface ConnectionListener {
  disconnected?(): void;
  connected?(): void;
  failed?(error: Error): void;
  closed?(): void;
}

const states = new WeakMap<NatsConnection, ConnectionState>();

/** Whether a connection is there, for all that use it: a connection tells only what changes. */
export class ConnectionState {
  readonly listeners = new Set<ConnectionListener>();
  readonly #connection: NatsConnection;
  #isConnected = true;

  private constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  static of(connection: NatsConnection): ConnectionState {
    let state = states.get(connection);
    if (state === undefined) {
      state = new ConnectionState(connection);
      states.set(connection, state);
      void state.#watch();
    }
    return state;
  }

  /** Publish nothing while it is not: the library would keep that for a while, and drop it. */
  get isConnected(): boolean {
    return this.#isConnected && !this.#connection.isClosed();
  }

  async #watch(): Promise<void> {
    for await (const { type, error } of this.#connection.status()) {
      if (type === 'disconnect') this.#isConnected = false;
      if (type === 'reconnect') this.#isConnected = true;
      for (const listener of [...this.listeners]) {
        if (type === 'disconnect') listener.disconnected?.();
        else if (type === 'reconnect') listener.connected?.();
        else if (type === 'error' && error !== undefined) listener.failed?.(error);
      }
    }
    for (const listener of [...this.listeners]) listener.closed?.();
  }
}
