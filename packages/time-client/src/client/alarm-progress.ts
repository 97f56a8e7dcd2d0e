import type { AlarmPlan } from '@timeq/time-protocol';
import type { AlarmTurn } from './alarm.js';

/**
 * The turns of an alarm, from whichever server, in their order. A crowded queue may bring them out of order, and a server
 * takes unread messages of a dead one out of it: a turn waits for those before it.
 */
export class AlarmProgress {
  readonly #plan: AlarmPlan;
  /** The moment of the first turn; undefined until a server has said it. */
  #first: bigint | undefined;
  /** The number of the present server's first turn, less one. */
  #before = 0;
  /** The first turn that has not come. */
  #next = 1;
  /** Turns behind it that have. */
  readonly #ahead = new Map<number, AlarmTurn>();
  /** Since when the first of them waits, by performance.now(). */
  #waitingSince = 0;

  constructor(plan: AlarmPlan) {
    this.#plan = plan;
  }

  /** Whether all turns have come. */
  get isOver(): boolean {
    return this.#next > (this.#plan.every === undefined ? 1 : (this.#plan.count ?? Infinity));
  }

  /** For how many milliseconds a turn has waited for one before it. */
  get waiting(): number {
    return this.#ahead.size === 0 ? 0 : performance.now() - this.#waitingSince;
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

  /**
   * A turn has come.
   * @returns those that are next, with their numbers of all servers; none if it came before, or has to wait
   */
  take(turn: AlarmTurn): AlarmTurn[] {
    const number = this.#before + turn.turn;
    if (number < this.#next) return [];
    if (this.#ahead.size === 0) this.#waitingSince = performance.now();
    this.#ahead.set(number, { ...turn, turn: number });
    const inOrder = [...this.#ahead.values()].toSorted((one, other) => one.turn - other.turn);
    // Up to here all have come, or are left out.
    let known = this.#next - 1;
    for (const each of inOrder) if (each.turn - each.skipped <= known + 1) known = each.turn;
    const ready: AlarmTurn[] = [];
    for (const come of inOrder) {
      if (come.turn > known) break;
      ready.push({ ...come, skipped: come.turn - this.#next });
      this.#ahead.delete(come.turn);
      this.#next = come.turn + 1;
    }
    return ready;
  }
}
