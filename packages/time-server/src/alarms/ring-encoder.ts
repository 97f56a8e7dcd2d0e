import { buildReply } from '@timeq/time-protocol';
import type { ReplyEncoder } from '../reply-encoder.js';
import type { Clocks } from '../clock/clocks.js';
import type { Alarm, Turn } from './alarm.js';

/** The message of a turn of an alarm. */
export class RingEncoder implements ReplyEncoder {
  /** Its number. */
  readonly alarm: number;
  readonly #clocks: Clocks;
  readonly #id: Alarm['id'];
  readonly #turn: Turn;

  constructor(clocks: Clocks, { number, id }: Alarm, turn: Turn) {
    this.alarm = number;
    this.#clocks = clocks;
    this.#id = id;
    this.#turn = turn;
  }

  body(sent: bigint): Uint8Array {
    const { number: turn, at, next, skipped } = this.#turn;
    const clock = this.#clocks.other?.();
    return buildReply({
      kind: 'ring',
      id: this.#id,
      alarm: this.alarm,
      turn,
      at,
      next,
      ...(skipped > 0 && { skipped }),
      sent,
      ...(clock && { clock }),
    });
  }
}
