import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const owners = new AsyncLocalStorage<OpenedSockets>();

subscribe('net.client.socket', (message) => {
  owners.getStore()?.opened((message as { socket: Socket }).socket);
});

/**
 * The socket of a connection. The client library forgets one whose server takes the connection and says nothing; it would
 * keep the process alive, and another would be left at each attempt to connect again.
 */
export class OpenedSockets {
  #last: Socket | undefined;

  /** Runs what opens sockets, now or later. */
  run<T>(task: () => T): T {
    return owners.run(this, task);
  }

  /** Another attempt: the last one is over. */
  opened(socket: Socket): void {
    this.destroy();
    this.#last = socket;
  }

  /** The address that the last one is connected with. */
  get address(): string | undefined {
    return this.#last?.remoteAddress;
  }

  /** Whether the last one is closed already. */
  get closed(): boolean {
    return this.#last?.destroyed === true;
  }

  destroy(): void {
    this.#last?.destroy();
  }
}
