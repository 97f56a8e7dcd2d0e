import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, TimeClient } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import type { Fates } from './peers.js';

/** Milliseconds between attempts to connect while there is no server. */
const PAUSE = 5;

/** Timeq clients in this process. Each sends one request after another, and reconnects when its server is gone. */
export class Askers {
  #answered = 0;
  #gone = 0;
  #over = false;
  readonly #running: Promise<void>[];

  constructor(t: TestContext, key: number, count: number) {
    // The clients must stop when the fault fails as well.
    atEnd(t, () => {
      this.#over = true;
    });
    this.#running = Array.from({ length: count }, () => this.#askOn(key));
    // `end` reports their failures.
    for (const running of this.#running) running.catch(() => undefined);
  }

  /** So far. */
  get fates(): Omit<Fates, 'again'> {
    return { answered: this.#answered, gone: this.#gone };
  }

  /**
   * Stops each client after its current request.
   * @param least a server is there, and so many requests are answered first, however busy the machine is
   */
  async end(least = 0): Promise<Omit<Fates, 'again'>> {
    await until(() => this.#answered >= least, `${least} answers`);
    this.#over = true;
    await Promise.all(this.#running);
    return this.fates;
  }

  async #askOn(key: number): Promise<void> {
    while (!this.#over) {
      try {
        using client = TimeClient.connect(key, { timeout: hangMilliseconds });
        while (!this.#over) {
          await client.now();
          this.#answered += 1;
        }
      } catch (error) {
        // A timeout is a failure: the client was not told that the server is gone.
        if (!(error instanceof ClientError) || !error.noServer) throw error;
        if (error.code !== 'NO_QUEUE' && error.code !== 'SERVER_DEAD') this.#gone += 1;
        await delay(PAUSE);
      }
    }
  }
}
