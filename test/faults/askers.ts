import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ClientError, TimeClient } from '@timeq/time-client';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import type { Fates } from './peers.js';

/** How often one that has no server looks again, in milliseconds. */
const PAUSE = 5;

/** Timeq's clients in this process: each asks one request after another, and connects again when it has to. */
export class Askers {
  #answered = 0;
  #gone = 0;
  #over = false;
  readonly #running: Promise<void>[];

  constructor(t: TestContext, key: number, count: number) {
    // A fault that fails must not go on asking.
    atEnd(t, () => {
      this.#over = true;
    });
    this.#running = Array.from({ length: count }, () => this.#askOn(key));
    // The caller of `end` sees their failures.
    for (const running of this.#running) running.catch(() => undefined);
  }

  /** So far. */
  get fates(): Omit<Fates, 'again'> {
    return { answered: this.#answered, gone: this.#gone };
  }

  /** Lets each finish the request that it is at. */
  async end(): Promise<Omit<Fates, 'again'>> {
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
        // A timeout is none of these: a client that hangs that long was not told.
        if (!(error instanceof ClientError) || !error.noServer) throw error;
        if (error.code !== 'NO_QUEUE' && error.code !== 'SERVER_DEAD') this.#gone += 1;
        await delay(PAUSE);
      }
    }
  }
}
