import { NANOSECONDS_PER_SECOND, toSeconds } from '@timeq/time-protocol';
import type { Clocks } from './clocks.js';

/** The text of the current second, made once a second and not once a request. */
export class AsctimeClock {
  readonly #clocks: Pick<Clocks, 'wall' | 'steady' | 'asctime'>;
  /** The second of the text, as its first nanosecond and that of the next one. */
  #from = 0n;
  #until = 0n;
  #text = '';
  #bytes: Uint8Array = new Uint8Array();
  /** When each earlier text was replaced, by the monotonic clock, the oldest first. */
  readonly #replaced = new Map<string, bigint>();
  readonly #remembered: bigint;

  /** @param remembered for how many nanoseconds the age of a text is known */
  constructor(clocks: Pick<Clocks, 'wall' | 'steady' | 'asctime'>, remembered: bigint) {
    this.#clocks = clocks;
    this.#remembered = remembered;
  }

  /** The text of a moment in nanoseconds since the epoch. */
  text(moment: bigint): string {
    this.#turnTo(moment);
    return this.#text;
  }

  /** The same text as the body of a message. Do not write to it. */
  bytes(moment: bigint): Uint8Array {
    this.#turnTo(moment);
    return this.#bytes;
  }

  /**
   * For how many milliseconds a text has not been the current one; 0 for the current one, Infinity for one that was
   * the current one lately.
   */
  age(text: string): number {
    this.#turnTo(this.#clocks.wall());
    if (text === this.#text) return 0;
    const replaced = this.#replaced.get(text);
    return replaced === undefined ? Infinity : Number(this.#clocks.steady() - replaced) / 1e6;
  }

  #turnTo(moment: bigint): void {
    // A division of bigints for each request would cost more than all the rest here.
    if (moment >= this.#from && moment < this.#until) return;
    const second = toSeconds(moment);
    const text = this.#clocks.asctime(second);
    this.#remember(text);
    this.#text = text;
    this.#bytes = Buffer.from(text);
    this.#from = second * NANOSECONDS_PER_SECOND;
    this.#until = this.#from + NANOSECONDS_PER_SECOND;
  }

  #remember(next: string): void {
    const now = this.#clocks.steady();
    this.#replaced.delete(next);
    if (this.#text !== '') this.#replaced.set(this.#text, now);
    for (const [text, replaced] of this.#replaced) {
      if (now - replaced <= this.#remembered) break;
      this.#replaced.delete(text);
    }
  }
}
