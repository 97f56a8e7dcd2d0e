import { AbortError } from '@timeq/mq-native';
import type { PendingAlarm, ReplyClock, Ring } from '@timeq/time-protocol';
import type { AlarmListener } from './exchange.js';

/** A turn of an alarm, when it has come. Moments are nanoseconds since the epoch by the server's clock. */
export interface AlarmTurn {
  /** From 1 up. */
  readonly turn: number;
  /** The moment that was asked for. */
  readonly at: bigint;
  /** When the server sent it. */
  readonly sent: bigint;
  /** How many turns before this one the server left out, because more than 100 were due at once. */
  readonly skipped: number;
  /** The moment of the next turn; undefined if this was the last. */
  readonly next?: bigint | undefined;
  /** The server's clock, if it says that it is not its machine's. */
  readonly clock?: ReplyClock | undefined;
}

/** What an alarm needs of its client. */
interface AlarmOwner {
  removeAlarm(alarm: number): void;
  /** Cancels it at the server. */
  cancel(alarm: number): Promise<void>;
}

/** An alarm that the server has. Iterating waits for its turns. */
export class Alarm implements AlarmListener, AsyncDisposable {
  /** Its number at the server. */
  readonly number: number;
  /** When it rings first, in nanoseconds since the epoch by the server's clock. */
  readonly next: bigint;
  readonly #owner: AlarmOwner;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#aborted();
  readonly #come: AlarmTurn[] = [];
  /** Whether the server has it, as far as is known. */
  #pending = true;
  #failure: { readonly reason: unknown } | undefined;
  #wake: () => void = () => undefined;

  /** @internal */
  constructor(
    { alarm, next }: Pick<PendingAlarm, 'alarm' | 'next'>,
    owner: AlarmOwner,
    signal: AbortSignal | undefined,
  ) {
    this.number = alarm;
    this.next = next;
    this.#owner = owner;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /**
   * Waits for the turns, and ends after the last. Leaving the loop cancels the alarm.
   * @throws {ClientError} if the server or its queue is gone: then the alarm is, too
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<AlarmTurn, void> {
    try {
      for (;;) {
        const turn = this.#come.shift();
        if (turn !== undefined) yield turn;
        else if (this.#failure !== undefined) throw this.#failure.reason;
        else if (!this.#pending) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      await this.cancel();
    }
  }

  /** Cancels it, unless it is over; resolves when the server has done so, or is gone. */
  async cancel(): Promise<void> {
    if (!this.#pending) return;
    this.#end();
    await this.#owner.cancel(this.number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cancel();
  }

  /** @internal */
  ring({ turn, at, sent, skipped = 0, next, clock }: Ring): void {
    this.#come.push({ turn, at, sent, skipped, next, ...(clock && { clock }) });
    if (next === undefined) this.#end();
    else this.#wake();
  }

  /** @internal */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#end();
  }

  #aborted(): void {
    if (this.#signal !== undefined) this.#failure ??= { reason: new AbortError(this.#signal) };
    this.#wake();
  }

  #end(): void {
    this.#pending = false;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#owner.removeAlarm(this.number);
    this.#wake();
  }
}
