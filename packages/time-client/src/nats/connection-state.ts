import type { NatsConnection } from '@timeq/nats';

export interface ConnectionListener {
  disconnected(): void;
  connected(): void;
  failed(error: Error): void;
  closed(): void;
}

const states = new WeakMap<NatsConnection, ConnectionState>();

/** Whether a connection is there, for all clients over it: a connection tells only what changes. */
export class ConnectionState {
  readonly listeners = new Set<ConnectionListener>();
  /** As far as any client has seen. */
  isConnected = true;

  static of(connection: NatsConnection): ConnectionState {
    let state = states.get(connection);
    if (state === undefined) {
      state = new ConnectionState();
      states.set(connection, state);
      void state.#watch(connection);
    }
    return state;
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const { type, error } of connection.status()) {
      if (type === 'disconnect') this.isConnected = false;
      if (type === 'reconnect') this.isConnected = true;
      for (const listener of [...this.listeners]) {
        if (type === 'disconnect') listener.disconnected();
        else if (type === 'reconnect') listener.connected();
        else if (type === 'error' && error !== undefined) listener.failed(error);
      }
    }
    for (const listener of [...this.listeners]) listener.closed();
  }
}
