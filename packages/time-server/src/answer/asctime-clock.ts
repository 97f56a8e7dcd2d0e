import { NANOSECONDS_PER_SECOND, toSeconds } from '@timeq/time-protocol';
import type { Clocks } from './clocks.js';

/** The text of the current second, made once a second and not once a request. */
export class AsctimeClock {
  readonly #clocks: Pick<Clocks, 'wall' | 'asctime'>;
  /** The second of the text, as its first nanosecond and that of the next one. */
  #from = 0n;
  #until = 0n;
  #text = '';
  #bytes: Uint8Array = new Uint8Array();

  constructor(clocks: Pick<Clocks, 'wall' | 'asctime'>) {
    this.#clocks = clocks;
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

  /** The texts of the current second and of this many seconds before. */
  recentTexts(seconds: number): string[] {
    const now = toSeconds(this.#clocks.wall());
    return Array.from({ length: seconds + 1 }, (_, age) => this.#clocks.asctime(now - BigInt(age)));
  }

  #turnTo(moment: bigint): void {
    // A division of bigints for each request would cost more than all the rest here.
    if (moment >= this.#from && moment < this.#until) return;
    const second = toSeconds(moment);
    this.#text = this.#clocks.asctime(second);
    this.#bytes = Buffer.from(this.#text);
    this.#from = second * NANOSECONDS_PER_SECOND;
    this.#until = this.#from + NANOSECONDS_PER_SECOND;
  }
}
