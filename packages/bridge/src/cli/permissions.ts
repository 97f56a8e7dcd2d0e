import { ConnectionState, explainForbidden, type NatsConnection, type NatsError } from '@timeq/nats';

/**
 * Remembers what the NATS server forbids. It reports that apart from the call that it forbids, whose own error says less, or
 * that only times out.
 */
export class Permissions {
  #error: NatsError | undefined;

  /** @param forbidden is called at the first thing that is forbidden */
  constructor(connection: NatsConnection, forbidden: () => void) {
    const failed = (error: Error): void => {
      const explained = explainForbidden(error);
      if (explained === undefined || this.#error !== undefined) return;
      this.#error = explained;
      forbidden();
    };
    ConnectionState.of(connection).listeners.add({ failed });
  }

  /** @throws NatsError NOT_PERMITTED */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
