import type { AlarmPlan } from '@timeq/time-protocol';
import type { AlarmTurn } from './alarm.js';

/** Which turns of an alarm have come, from whichever server. */
export class AlarmProgress {
  readonly #plan: AlarmPlan;
  /** The moment of the first turn; undefined until a server has said it. */
  #first: bigint | undefined;
  /** The number of the present server's first turn, less one. */
  #before = 0;
  /** The first turn that has not come. */
  #next = 1;
  /** Turns behind it that have: a server whose queue is crowded may send them out of their order. */
  readonly #ahead = new Set<number>();

  constructor(plan: AlarmPlan) {
    this.#plan = plan;
  }

  /** What to ask the next server for. */
  plan(): AlarmPlan {
    if (this.#plan.every === undefined || this.#first === undefined) return this.#plan;
    const { every, count } = this.#plan;
    this.#before = this.#next - 1;
    return {
      every,
      from: this.#first + BigInt(this.#before) * every,
      ...(count !== undefined && { count: count - this.#before }),
    };
  }

  /** A server has the alarm. @param next when it rings first */
  set(next: bigint): void {
    this.#first ??= next;
  }

  /** A turn has come. @returns it with its number of all servers; undefined if it came before */
  take(turn: AlarmTurn): AlarmTurn | undefined {
    const number = this.#before + turn.turn;
    if (number < this.#next || this.#ahead.has(number)) return undefined;
    if (turn.skipped >= number - this.#next) this.#next = number;
    this.#ahead.add(number);
    while (this.#ahead.delete(this.#next)) this.#next += 1;
    return { ...turn, turn: number };
  }
}
