import { AbortError } from '@timeq/mq-native';
import type { AlarmReply, ReplyClock, Ring } from '@timeq/time-protocol';
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

/**
 * How long after the moment of a turn to look whether the server still has the alarm, in milliseconds: longer than its
 * message waits for room or to be read, after which the server ends the alarm.
 */
const OVERDUE = 6000;

/** When to look again if it has: its clock may have been set back. */
const LOOK_AGAIN = 60_000;

/** The longest time that a timer of Node.js takes, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** What an alarm needs of its client. */
interface AlarmOwner {
  /** How often to look whether the server still has it, in milliseconds, where no other sign tells. */
  readonly lookEvery?: number;
  removeAlarm(alarm: number): void;
  /** @throws {ClientError} if the server no longer has it, or is gone */
  checkAlarm(alarm: number): Promise<void>;
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
  #overdue: NodeJS.Timeout | undefined;

  /** @internal */
  constructor({ alarm, next, sent }: AlarmReply, owner: AlarmOwner, signal: AbortSignal | undefined) {
    this.number = alarm;
    this.next = next;
    this.#owner = owner;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#lookIn(Number((next - sent) / 1_000_000n) + OVERDUE);
  }

  /**
   * Waits for the turns, and ends after the last. Leaving the loop cancels the alarm.
   * @throws {ClientError} if the server or its queue is gone: then the alarm is, too; `ALARM_LOST` if the server ended it
   * because this program did not read a message in time, such as while it was stopped
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
    if (next === undefined) {
      this.#end();
    } else {
      this.#lookIn(Number((next - sent) / 1_000_000n) + OVERDUE);
      this.#wake();
    }
  }

  /** @internal */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#end();
  }

  #lookIn(milliseconds: number): void {
    clearTimeout(this.#overdue);
    const { lookEvery = LONGEST } = this.#owner;
    this.#overdue = setTimeout(() => void this.#look(), Math.min(milliseconds, lookEvery));
  }

  async #look(): Promise<void> {
    try {
      await this.#owner.checkAlarm(this.number);
      if (this.#pending) this.#lookIn(LOOK_AGAIN);
    } catch (error) {
      if (this.#pending) this.fail(error);
    }
  }

  #aborted(): void {
    if (this.#signal !== undefined) this.#failure ??= { reason: new AbortError(this.#signal) };
    this.#wake();
  }

  #end(): void {
    this.#pending = false;
    clearTimeout(this.#overdue);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#owner.removeAlarm(this.number);
    this.#wake();
  }
}
