import { explainForbidden, type NatsConnection, type NatsError } from '@timeq/nats';

/**
 * Remembers what the NATS server forbids. It reports that apart from the call that it forbids, whose own error says less, or
 * that only times out.
 */
export class Permissions {
  readonly #forbidden: () => void;
  #error: NatsError | undefined;

  /** @param forbidden is called at the first thing that is forbidden */
  constructor(connection: NatsConnection, forbidden: () => void) {
    this.#forbidden = forbidden;
    void this.#follow(connection);
  }

  /** @throws NatsError FORBIDDEN */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type, error } of connection.status()) {
      const forbidden = type === 'error' ? explainForbidden(error) : undefined;
      if (forbidden === undefined || this.#error !== undefined) continue;
      this.#error = forbidden;
      this.#forbidden();
    }
  }
}
